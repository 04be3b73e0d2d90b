#pragma once
// A git object's name: 20 bytes of SHA-1. BlobId and CommitId are different types on purpose.
// Values; any thread.

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace devy::snapshot {

using ObjectIdBytes = std::array<std::uint8_t, 20>;
inline constexpr std::size_t object_id_digits = 2 * std::tuple_size_v<ObjectIdBytes>;

[[nodiscard]] std::string to_hex(const ObjectIdBytes& bytes);
// Takes digits of either case.
[[nodiscard]] std::optional<ObjectIdBytes> parse_hex(std::string_view hex);
// Tells whether a text is an id as git and GitHub write it: 40 lower-case digits.
[[nodiscard]] bool is_object_id(std::string_view text);

template <class Tag>
struct ObjectId {
  ObjectIdBytes bytes{};

  [[nodiscard]] static std::optional<ObjectId> parse(std::string_view hex) {
    const auto parsed = parse_hex(hex);
    if (!parsed) return std::nullopt;
    return ObjectId{*parsed};
  }
  [[nodiscard]] std::string hex() const { return to_hex(bytes); }
  auto operator<=>(const ObjectId&) const = default;
};

using BlobId = ObjectId<struct BlobTag>;
using CommitId = ObjectId<struct CommitTag>;

}  // namespace devy::snapshot

template <class Tag>
struct std::hash<devy::snapshot::ObjectId<Tag>> {
  std::size_t operator()(const devy::snapshot::ObjectId<Tag>& id) const noexcept {
    std::size_t value = 0;  // SHA-1 is already evenly spread.
    std::memcpy(&value, id.bytes.data(), sizeof value);
    return value;
  }
};
