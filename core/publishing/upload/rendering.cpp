#include "core/publishing/upload/rendering.hpp"

#include <deque>

#include "core/platform/base/fault_point.hpp"
#include "core/publishing/plan/link_resolver.hpp"
#include "core/publishing/post/slug.hpp"
#include "core/publishing/rendering/renderer.hpp"

namespace devy::upload {
namespace {

const char* reason_of(post::Rejection rejection) {
  switch (rejection) {
    case post::Rejection::invalid: return "invalid";
    case post::Rejection::cpu: return "cpu";
    case post::Rejection::memory: return "memory";
    case post::Rejection::crashed: return "crashed";
  }
  return "invalid";
}

// Feeds the renderer with the changed files and takes its answers, which come in the same order.
class Feed {
 public:
  Feed(const config::Config& config, const git::Clone& clone, const snapshot::Changeset& changeset,
       Rendering& rendering)
      : config_(config), clone_(clone), changeset_(changeset), rendering_(rendering) {}

  // The next file that can be rendered at all; one that is too large is its own error.
  std::optional<post::SourceFile> next() {
    while (next_ < changeset_.changes.size()) {
      const auto& change = changeset_.changes[next_++];
      if (change.kind == snapshot::ChangeKind::deleted) continue;
      rendering_.files.emplace_back().path = change.path;
      const auto bytes_max = config_.limits.markdown_file_bytes_max;
      const auto bytes = clone_.blob_bytes(change.blob);
      rendering_.files.back().file_bytes = bytes;
      if (bytes <= bytes_max) {
        waiting_.push_back(rendering_.files.size() - 1);
        return post::SourceFile{change.path, clone_.read_blob(change.blob, bytes_max)};
      }
      ++rendering_.rejected["too_large"];
      rendering_.files.back().error =
          snapshot::FileError{change.path, 0, 0,
                              "the file has " + std::to_string(bytes) + " bytes, more than the " +
                                  std::to_string(bytes_max) + " that a post may have"};
    }
    return std::nullopt;
  }

  void take(post::Rendered&& rendered) {
    base::fault_point("during_render");
    auto& file = rendering_.files.at(waiting_.front());
    waiting_.pop_front();
    if (auto* error = std::get_if<snapshot::FileError>(&rendered.result)) {
      file.error = std::move(*error);
      ++rendering_.rejected[reason_of(rendered.rejection)];
      return;
    }
    auto& document = std::get<post::Document>(rendered.result);
    file.slug = document.slug;
    file.permalink = document.permalink;
    for (const auto& alias : document.aliases)
      if (auto slug = post::slug_of_address(alias)) file.aliases.push_back(std::move(*slug));
    file.slug_line = document.slug_line;
    file.slug_column = document.slug_column;
    file.has_date = document.date.has_value();
    file.has_links = !document.links.empty() ||
                     (document.cover && plan::cover_target(*document.cover, file.path));
    file.document = rendering_.spool.append(document);
    for (auto& warning : document.warnings)
      rendering_.warnings.push_back(std::move(warning));
  }

 private:
  const config::Config& config_;
  const git::Clone& clone_;
  const snapshot::Changeset& changeset_;
  Rendering& rendering_;
  std::size_t next_ = 0;
  std::deque<std::size_t> waiting_;
};

// A file that moved unchanged was not read yet, and may be among those that the fetch has omitted.
void bring_files(const git::Clone& clone, const snapshot::Changeset& changeset) {
  std::vector<snapshot::BlobId> blobs;
  for (const auto& change : changeset.changes)
    if (change.kind != snapshot::ChangeKind::deleted) blobs.push_back(change.blob);
  clone.prefetch(blobs);
}

}  // namespace

Rendering render_changes(const config::Config& config, const git::Clone& clone,
                         const snapshot::Changeset& changeset, const blog::Settings& settings,
                         const std::function<void(std::size_t, std::size_t)>& on_file,
                         const std::stop_token& stop) {
  Rendering rendering{plan::Spool(config.runtime_directory), {}, {}, {}};
  const auto total = changeset.changes.size() - changeset.count(snapshot::ChangeKind::deleted);
  if (total == 0) return rendering;
  rendering.files.reserve(total);
  bring_files(clone, changeset);
  Feed feed(config, clone, changeset, rendering);
  std::size_t done = 0;
  rendering::render_files(
      config.limits, post::RenderOptions{settings.timezone}, [&] { return feed.next(); },
      [&](post::Rendered&& rendered) {
        feed.take(std::move(rendered));
        if (on_file) on_file(++done, total);
      },
      stop);
  return rendering;
}

}  // namespace devy::upload
