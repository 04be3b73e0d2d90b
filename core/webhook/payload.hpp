#pragma once
// The JSON of a webhook, parsed within limits, and its fields by path ("repository/owner/login").
// Hides the JSON library. Move-only; one thread.
//
// Null and absent are the same: GitHub does not tell them apart. A field of another kind than the
// one that is asked for throws Error(rejected, "payload_invalid") naming it, and so does the
// constructor for what is no JSON object, nested deeper than payload_depth_max, or too large.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.hpp"

namespace devy::webhook {

[[noreturn]] void throw_invalid(const std::string& cause);

class Payload {
 public:
  // Keeps only what an event reads (event.cpp): the commits of a push, say, are passed over, so
  // that a body of 25 MiB does not become ten times that.
  explicit Payload(std::string_view json);
  ~Payload();
  Payload(const Payload&) = delete;
  Payload& operator=(const Payload&) = delete;

  [[nodiscard]] bool has(std::string_view path) const;
  // Of valid UTF-8, and without U+0000, which no column takes.
  [[nodiscard]] std::optional<std::string> maybe_text(std::string_view path) const;
  [[nodiscard]] std::string text(std::string_view path) const;
  [[nodiscard]] std::optional<bool> maybe_truth(std::string_view path) const;
  [[nodiscard]] bool truth(std::string_view path) const;
  [[nodiscard]] std::optional<std::int64_t> maybe_id(std::string_view path) const;  // above 0
  // Seconds since 1970 in a push, RFC 3339 elsewhere.
  [[nodiscard]] std::optional<base::TimePoint> maybe_time(std::string_view path) const;
  // Of an array of texts; of the `id` of an array of objects. Empty when absent.
  [[nodiscard]] std::vector<std::string> texts(std::string_view path) const;
  [[nodiscard]] std::vector<std::int64_t> ids(std::string_view path, std::size_t count_max) const;

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

}  // namespace devy::webhook
