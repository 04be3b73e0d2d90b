#include "core/platform/git/raw_tree.hpp"

#include <algorithm>
#include <cstring>

namespace devy::git {
namespace {

constexpr unsigned kind_mask = 0170000, folder_kind = 0040000, file_kind = 0100000;
constexpr std::size_t id_bytes = std::tuple_size_v<snapshot::ObjectIdBytes>;

// The byte after the common part of two names.
unsigned char byte_at(const RawEntry& entry, std::size_t at) {
  if (at < entry.name.size()) return static_cast<unsigned char>(entry.name[at]);
  return entry.is_folder() ? '/' : '\0';
}

}  // namespace

bool RawEntry::is_folder() const {
  return (mode & kind_mask) == folder_kind;
}

bool RawEntry::is_file() const {
  return (mode & kind_mask) == file_kind;
}

snapshot::BlobId RawEntry::blob() const {
  snapshot::BlobId blob;
  std::memcpy(blob.bytes.data(), id.data(), id_bytes);
  return blob;
}

bool RawTree::next() {
  const auto space = left_.find(' ');
  const auto zero = left_.find('\0');
  if (space == left_.npos || zero == left_.npos || zero < space ||
      left_.size() - zero - 1 < id_bytes)
    return false;
  entry_.mode = 0;
  for (const char digit : left_.substr(0, space))
    entry_.mode = (entry_.mode << 3U) | (static_cast<unsigned>(digit) & 7U);
  entry_.name = left_.substr(space + 1, zero - space - 1);
  entry_.id = left_.substr(zero + 1, id_bytes);
  left_.remove_prefix(zero + 1 + id_bytes);
  return true;
}

int compare_entries(const RawEntry& left, const RawEntry& right) {
  const auto common = std::min(left.name.size(), right.name.size());
  if (const int order = std::memcmp(left.name.data(), right.name.data(), common); order != 0)
    return order;
  const auto left_next = byte_at(left, common), right_next = byte_at(right, common);
  if (left_next != right_next) return left_next < right_next ? -1 : 1;
  if (left.name.size() != right.name.size()) return left.name.size() < right.name.size() ? -1 : 1;
  return 0;
}

}  // namespace devy::git
