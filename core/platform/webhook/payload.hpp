#pragma once
// The JSON of a webhook, parsed within limits; its fields are read by path
// ("repository/owner/login"). Hides the JSON library. Move-only; one thread.
//
// Null and absent mean the same, because GitHub does not distinguish them. Reading a field as
// another type than it has throws Error(rejected, "payload_invalid") naming it; so does the
// constructor for text that is not a JSON object, is nested deeper than payload_depth_max, or is
// too large.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/clock.hpp"

namespace devy::webhook {

[[noreturn]] void throw_invalid(const std::string& cause);

class Payload {
 public:
  // Keeps only the members that an event reads (event.cpp). The commits of a push, for example, are
  // skipped, so that a body of 25 MiB does not become ten times that in memory.
  explicit Payload(std::string_view json);
  ~Payload();
  Payload(const Payload&) = delete;
  Payload& operator=(const Payload&) = delete;

  [[nodiscard]] bool has(std::string_view path) const;
  // The text is valid UTF-8 and free of U+0000, which no column accepts.
  [[nodiscard]] std::optional<std::string> maybe_text(std::string_view path) const;
  [[nodiscard]] std::string text(std::string_view path) const;
  [[nodiscard]] std::optional<bool> maybe_truth(std::string_view path) const;
  [[nodiscard]] bool boolean(std::string_view path) const;
  // Ids are above 0.
  [[nodiscard]] std::optional<std::int64_t> maybe_id(std::string_view path) const;
  // Accepts seconds since 1970, as in a push, and RFC 3339, as elsewhere.
  [[nodiscard]] std::optional<base::TimePoint> maybe_time(std::string_view path) const;
  // Read an array of texts, and the `id` members of an array of objects. Empty when absent.
  [[nodiscard]] std::vector<std::string> texts(std::string_view path) const;
  [[nodiscard]] std::vector<std::int64_t> ids(std::string_view path, std::size_t count_max) const;

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace devy::webhook
