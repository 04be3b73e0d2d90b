#pragma once
// Row identifiers as distinct types, so that a blog's id cannot be passed where a post's is
// expected. The text is a canonical lower-case UUID; only parse() accepts untrusted text.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace devy::base {

[[nodiscard]] bool is_uuid(std::string_view text);

template <class Tag>
class Id {
 public:
  Id() = default;
  [[nodiscard]] static std::optional<Id> parse(std::string_view text) {
    if (!is_uuid(text)) return std::nullopt;
    return Id(std::string(text));
  }
  // For values that a database column of type uuid or Random::uuid() has just produced.
  [[nodiscard]] static Id trusted(std::string text) { return Id(std::move(text)); }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 sees one in what the compiler makes of it.
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

using AccountId = Id<struct AccountTag>;
using RepositoryId = Id<struct RepositoryTag>;
using BlogId = Id<struct BlogTag>;
using PostId = Id<struct PostTag>;
using OperationId = Id<struct OperationTag>;
// An upload has its operation's id as its key (queue.md), so the two are one type.
using UploadId = OperationId;

}  // namespace devy::base
