#include "core/platform/git/clone.hpp"

#include <utility>

#include "core/platform/base/error.hpp"
#include "core/platform/git/blob_source.hpp"
#include "core/platform/git/directory_files.hpp"
#include "core/platform/git/fetch_process.hpp"
#include "core/platform/git/history_source.hpp"
#include "core/platform/git/object_store.hpp"
#include "core/platform/git/path_lookup.hpp"
#include "core/platform/git/private_folder.hpp"
#include "core/platform/git/tree_walk.hpp"

namespace devy::git {
namespace {

// Posts may link to files beside what is published: in more folders than are walked, but not in
// any number of them, since what was read stays in memory.
std::uint64_t lookup_entries_max(const config::Limits& limits) {
  return std::uint64_t{4} * limits.tree_entries_max;
}

// The state of a Clone that has something to read.
struct Contents {
  std::unique_ptr<Objects> objects;
  BlobId tree;
  base::TimePoint committed_at;
  PathLookup lookup;
};

}  // namespace

struct Clone::Impl {
  config::Limits limits;
  std::optional<PrivateFolder> folder;  // declared first, so that it is destroyed last
  Tip tip;
  std::optional<Contents> contents;

  std::optional<BlobSource> left_out;  // of a partial fetch
  std::optional<HistorySource> history;
  std::uint64_t received_bytes = 0;

  void prefetch(std::span<const BlobId> blobs) {
    static_cast<void>(read());
    if (left_out) left_out->prefetch(fetched(), blobs);
  }
  // A fetch opens a store, and only a fetch leaves something out, or has a commit.
  [[nodiscard]] ObjectStore& fetched() { return static_cast<ObjectStore&>(*contents->objects); }
  void open(const std::string& path) {
    auto store = std::make_unique<ObjectStore>(path, limits);
    const auto facts = store->commit(tip.commit);
    contents = Contents{std::move(store), facts.tree, facts.committed_at,
                        PathLookup(facts.tree, lookup_entries_max(limits))};
  }
  [[nodiscard]] const Contents& read() const {
    if (!contents)
      throw base::Error(base::ErrorKind::internal,
                        "unable to read a clone: nothing was fetched, the tip had not moved");
    return *contents;
  }
};

TipAsker::TipAsker(TokenSource tokens)
    : tokens_(std::move(tokens)), child_(std::make_unique<KeptChild>()) {}
TipAsker::TipAsker(TipAsker&&) noexcept = default;
TipAsker& TipAsker::operator=(TipAsker&&) noexcept = default;
TipAsker::~TipAsker() = default;

Tip TipAsker::ask(const config::Config& config, const FetchRequest& request,
                  const std::stop_token& stop) {
  if (request.tokens || !tokens_) return run_fetch(config, request, {}, {}, stop, *child_).tip;
  auto with_tokens = request;
  with_tokens.tokens = tokens_;
  return run_fetch(config, with_tokens, {}, {}, stop, *child_).tip;
}

Clone Clone::fetch(const config::Config& config, const FetchRequest& request,
                   const OnProgress& on_progress, const std::stop_token& stop) {
  auto impl = std::make_unique<Impl>();
  impl->limits = config.limits;
  impl->folder = PrivateFolder::create(config);
  KeptChild child;
  auto result = run_fetch(config, request, impl->folder->path(), on_progress, stop, child);
  impl->tip = result.tip;
  impl->received_bytes = result.received_bytes;
  if (!result.repository.empty()) impl->open(result.repository);
  if (impl->contents) impl->history.emplace(config, result, request, impl->folder->path(), stop);
  if (result.is_partial)
    impl->left_out.emplace(config, std::move(result), request, impl->folder->path(), stop,
                           std::move(child));
  return Clone(std::move(impl));
}

Clone Clone::import_directory(const config::Config& config, const std::string& directory) {
  auto impl = std::make_unique<Impl>();
  impl->limits = config.limits;
  impl->folder = PrivateFolder::create(config);
  auto files = std::make_unique<DirectoryFiles>(directory, impl->folder->path() + "/read.git",
                                                config.limits);
  const auto tree = files->root();
  impl->tip.url = directory;
  impl->history.emplace(config, directory);
  impl->contents = Contents{std::move(files), tree, base::system_clock().now(),
                            PathLookup(tree, lookup_entries_max(config.limits))};
  return Clone(std::move(impl));
}

Clone::Clone(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Clone::Clone(Clone&&) noexcept = default;
Clone& Clone::operator=(Clone&&) noexcept = default;
Clone::~Clone() = default;

bool Clone::has_tree() const {
  return impl_->contents.has_value();
}

const Tip& Clone::tip() const {
  return impl_->tip;
}

base::TimePoint Clone::committed_at() const {
  return impl_->read().committed_at;
}

std::string Clone::message() const {
  static_cast<void>(impl_->read());
  if (impl_->tip.commit == CommitId{}) return {};
  return impl_->fetched().commit_message(impl_->tip.commit);
}

FirstCommits Clone::first_commits(const std::vector<std::string>& paths,
                                  const std::optional<Since>& since,
                                  const OnProgress& on_progress) const {
  static_cast<void>(impl_->read());
  if (paths.empty()) return {};
  return impl_->history->find(paths, since, on_progress);
}

std::uint64_t Clone::received_bytes() const {
  return impl_->received_bytes + (impl_->left_out ? impl_->left_out->received_bytes() : 0);
}

bool Clone::is_partial() const {
  return impl_->left_out.has_value();
}

void Clone::prefetch(std::span<const BlobId> blobs) const {
  impl_->prefetch(blobs);
}

void Clone::walk(std::string_view root, const std::function<bool(std::string_view)>& wants_folder,
                 const std::function<void(const TreeFile&)>& on_file,
                 std::vector<snapshot::FileError>& warnings,
                 const std::function<void(const TreeFile&)>& on_passed) const {
  const auto& contents = impl_->read();
  walk_tree(*contents.objects, impl_->limits, contents.tree, root,
            {wants_folder, on_file, warnings, on_passed});
}

bool Clone::look_below(const TreeFile& folder, std::uint32_t& entries_left,
                       const std::function<void(const TreeFile&)>& on_file) const {
  return list_below(*impl_->read().objects, impl_->limits, folder, entries_left, on_file);
}

std::optional<TreeFile> Clone::find(const std::string& path) const {
  static_cast<void>(impl_->read());
  auto& contents = *impl_->contents;
  if (path == ".") return TreeFile{path, contents.tree, FileKind::folder};
  const auto entry = contents.lookup.find(*contents.objects, path);
  if (!entry) return std::nullopt;
  const auto kind = file_kind_of(*entry);
  if (!kind) return std::nullopt;
  return TreeFile{path, entry->id, *kind};
}

std::optional<std::string> Clone::read_file(std::string_view path, std::uint64_t bytes_max) const {
  const auto& contents = impl_->read();
  const auto entry = find_entry(*contents.objects, contents.tree, path);
  if (!entry || kind_of(*entry) != EntryKind::regular) return std::nullopt;
  impl_->prefetch({&entry->id, 1});
  return contents.objects->blob(entry->id, bytes_max);
}

std::uint64_t Clone::blob_bytes(const BlobId& blob) const {
  impl_->prefetch({&blob, 1});
  return impl_->read().objects->blob_bytes(blob);
}

std::string Clone::read_blob(const BlobId& blob, std::uint64_t bytes_max) const {
  impl_->prefetch({&blob, 1});
  return impl_->read().objects->blob(blob, bytes_max);
}

std::size_t sweep_abandoned_clones(const config::Config& config) {
  return remove_abandoned_folders(config);
}

}  // namespace devy::git
