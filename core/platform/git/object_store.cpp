#include "core/platform/git/object_store.hpp"

#include <algorithm>
#include <cstring>

#include "core/platform/base/error.hpp"
#include "core/platform/git/commit_object.hpp"

namespace devy::git {
namespace {

using base::Error;
using base::ErrorKind;
using snapshot::BlobId;

constexpr unsigned type_mask = 0170000;
// A mode, a blank, a zero byte and an id: what an entry takes beside its name.
constexpr std::uint64_t entry_overhead_bytes = 28;
// Names longer than this are refused anyway (see tree_walk.cpp).
constexpr std::uint64_t name_bytes_usual = 255;
// Limit for a commit object: some kilobytes of message are usual.
constexpr std::uint64_t commit_bytes_max = std::uint64_t{8} * 1024 * 1024;
// Dates outside of this range cannot be stored in PostgreSQL, and are never meant.
constexpr std::int64_t year_9999 = 253'370'764'800;

[[noreturn]] void throw_missing(const std::string& id) {
  throw Error(ErrorKind::unavailable, "unable to read object " + id + ": it is missing or broken",
              "Try again; if it goes on, check the repository with git fsck.", "pack_broken");
}

struct Header {
  std::uint64_t size_bytes = 0;
  git_object_t type = GIT_OBJECT_INVALID;
};

Header header_of(git_odb* odb, const git_oid& oid, const std::string& hex) {
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb, &oid) < 0) throw_missing(hex);
  return {size, type};
}

std::string_view bytes_of(const git_odb_object* object) {
  auto* const held = const_cast<git_odb_object*>(object);
  return {static_cast<const char*>(git_odb_object_data(held)), git_odb_object_size(held)};
}

// Null when it is not there, is no commit, or is larger than any commit should be.
OdbObjectHandle read_commit(git_odb* odb, const git_oid& oid) {
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  git_odb_object* object = nullptr;
  if (git_odb_read_header(&size, &type, odb, &oid) < 0 || type != GIT_OBJECT_COMMIT ||
      size > commit_bytes_max || git_odb_read(&object, odb, &oid) < 0)
    return OdbObjectHandle(nullptr);
  return OdbObjectHandle(object);
}

// In git's order a folder's name counts as if it ended in a slash, so that paths come out sorted.
bool is_before(const TreeEntry& left, const TreeEntry& right) {
  const auto key = [](const TreeEntry& entry) {
    return kind_of(entry) == EntryKind::folder ? entry.name + "/" : entry.name;
  };
  return key(left) < key(right);
}

}  // namespace

EntryKind kind_of(const TreeEntry& entry) {
  switch (entry.mode & type_mask) {
    case 0100000: return EntryKind::regular;
    case 0120000: return EntryKind::symlink;
    case 0160000: return EntryKind::submodule;
    case 0040000: return EntryKind::folder;
    default: return EntryKind::unknown;
  }
}

void sort_as_git_does(std::vector<TreeEntry>& entries) {
  std::ranges::stable_sort(entries, is_before);
}

Error file_too_large(const std::string& file, std::uint64_t bytes, std::uint64_t bytes_max) {
  return {ErrorKind::rejected,
          "unable to read file " + file + ": " + std::to_string(bytes) +
              " bytes is over the limit of " + std::to_string(bytes_max),
          "Make the file smaller, or raise the limit for files of its kind.", "file_too_large"};
}

git_oid to_oid(const snapshot::ObjectIdBytes& bytes) {
  git_oid oid;
  std::memcpy(oid.id, bytes.data(), bytes.size());
  return oid;
}

BlobId to_blob_id(const git_oid& oid) {
  BlobId id;
  std::memcpy(id.bytes.data(), oid.id, id.bytes.size());
  return id;
}

ObjectStore::ObjectStore(const std::string& path, const config::Limits& limits)
    : repository_(open_bare(path)),
      odb_(odb_of(repository_.get())),
      tree_bytes_max_(limits.tree_entries_max * (name_bytes_usual + entry_overhead_bytes)) {}

bool ObjectStore::has(const BlobId& id) const {
  const auto oid = to_oid(id.bytes);
  return git_odb_exists_ext(odb_.get(), &oid, GIT_ODB_LOOKUP_NO_REFRESH) == 1;
}

void ObjectStore::look_again() const {
  check_git(git_odb_refresh(odb_.get()), "look for new objects");
}

CommitFacts ObjectStore::commit(const snapshot::CommitId& id) const {
  const auto oid = to_oid(id.bytes);
  if (header_of(odb_.get(), oid, id.hex()).size_bytes > commit_bytes_max)
    throw Error(ErrorKind::rejected, "unable to read commit " + id.hex() + ": it is too large",
                "Make a commit with a shorter message.", "file_too_large");
  git_commit* commit = nullptr;
  if (git_commit_lookup(&commit, repository_.get(), &oid) < 0) throw_missing(id.hex());
  const CommitHandle owner(commit);
  const auto seconds = std::clamp<std::int64_t>(git_commit_time(commit), 0, year_9999);
  return {to_blob_id(*git_commit_tree_id(commit)), base::TimePoint(std::chrono::seconds(seconds))};
}

std::optional<CommitNode> ObjectStore::commit_node(const snapshot::CommitId& id) const {
  const auto oid = to_oid(id.bytes);
  const auto object = read_commit(odb_.get(), oid);
  if (!object) return std::nullopt;
  auto commit = parse_commit_object(bytes_of(object.get()));
  if (!commit) return std::nullopt;
  return CommitNode{commit->tree, std::move(commit->parents), commit->authored_at,
                    commit->committed_at};
}

std::string ObjectStore::commit_message(const snapshot::CommitId& id) const {
  const auto oid = to_oid(id.bytes);
  const auto object = read_commit(odb_.get(), oid);
  const auto commit = object ? parse_commit_object(bytes_of(object.get())) : std::nullopt;
  if (!commit) throw_missing(id.hex());
  return std::string(commit->message);
}

void ObjectStore::require_size_of_tree(const git_oid& oid, const std::string& hex) const {
  if (header_of(odb_.get(), oid, hex).size_bytes > tree_bytes_max_)
    throw Error(ErrorKind::rejected,
                "unable to read the repository's files: one folder is too large",
                "Split the folder, or raise limits.tree_entries_max.", "tree_too_large");
}

std::string_view TreeObject::bytes() const {
  return bytes_of(object_.get());
}

TreeObject ObjectStore::tree_object(const BlobId& id) const {
  const auto oid = to_oid(id.bytes);
  require_size_of_tree(oid, id.hex());
  git_odb_object* object = nullptr;
  if (git_odb_read(&object, odb_.get(), &oid) < 0) throw_missing(id.hex());
  OdbObjectHandle owner(object);
  if (git_odb_object_type(object) != GIT_OBJECT_TREE) throw_missing(id.hex());
  return TreeObject(std::move(owner));
}

std::vector<TreeEntry> ObjectStore::tree(const BlobId& id) const {
  const auto oid = to_oid(id.bytes);
  require_size_of_tree(oid, id.hex());
  git_tree* tree = nullptr;
  if (git_tree_lookup(&tree, repository_.get(), &oid) < 0) throw_missing(id.hex());
  const TreeHandle owner(tree);
  std::vector<TreeEntry> entries;
  entries.reserve(git_tree_entrycount(tree));
  for (std::size_t i = 0; i < git_tree_entrycount(tree); ++i) {
    const auto* entry = git_tree_entry_byindex(tree, i);
    entries.push_back({git_tree_entry_name(entry),
                       static_cast<unsigned>(git_tree_entry_filemode_raw(entry)),
                       to_blob_id(*git_tree_entry_id(entry))});
  }
  sort_as_git_does(entries);
  return entries;
}

std::uint64_t ObjectStore::tree_entries_min(const BlobId& id) const {
  return header_of(odb_.get(), to_oid(id.bytes), id.hex()).size_bytes /
         (name_bytes_usual + entry_overhead_bytes);
}

std::uint64_t ObjectStore::blob_bytes(const BlobId& id) const {
  return header_of(odb_.get(), to_oid(id.bytes), id.hex()).size_bytes;
}

std::string ObjectStore::blob(const BlobId& id, std::uint64_t bytes_max) const {
  const auto oid = to_oid(id.bytes);
  const auto header = header_of(odb_.get(), oid, id.hex());
  if (header.type != GIT_OBJECT_BLOB) throw_missing(id.hex());
  if (header.size_bytes > bytes_max) throw file_too_large(id.hex(), header.size_bytes, bytes_max);
  git_odb_object* object = nullptr;
  if (git_odb_read(&object, odb_.get(), &oid) < 0) throw_missing(id.hex());
  const OdbObjectHandle owner(object);
  const auto* data = static_cast<const char*>(git_odb_object_data(object));
  return {data, git_odb_object_size(object)};
}

}  // namespace devy::git
