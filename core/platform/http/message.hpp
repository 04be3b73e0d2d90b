#pragma once
// One HTTP request and one response, for clients and servers alike. Values; any thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/platform/base/descriptor.hpp"

namespace devy::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of that name, in any case; empty when there is none.
[[nodiscard]] std::string_view first_header(const Headers& headers, std::string_view name);
// The value of the only header of that name, in any case; empty when there is none, or several.
[[nodiscard]] std::string_view only_header(const Headers& headers, std::string_view name);

// A part of a file that is sent as a body, or as its end. The file must not change meanwhile.
struct FileRange {
  std::shared_ptr<const base::Descriptor> file;
  std::uint64_t offset = 0, length = 0;  // bytes
};

struct Request {
  std::string method = "GET";
  std::string url;  // of a client: absolute, http or https; of a server: the target as received
  Headers headers;
  std::string body;
  // A client may send a part of a file in place of the body; a server's request never has one.
  std::optional<FileRange> file = {};
  // A client's limit for the response's body; 0: the transport's own.
  std::uint64_t answer_bytes_max = 0;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  // A server's answer may have one, sent behind the body; a client's never has.
  std::optional<FileRange> file = {};

  // The first header of that name, in any case; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const {
    return first_header(headers, name);
  }
};

}  // namespace devy::http
