#include "core/publish/guard.hpp"
#include "core/repository/clone.hpp"
#include "core/store/publish_store.hpp"
#include "core/upload/changes.hpp"
#include "core/upload/linking.hpp"
#include "core/upload/rendering.hpp"
#include "core/upload/service.hpp"
#include "core/upload/source.hpp"
#include "core/upload/tree.hpp"

// Looking before publishing: `diff` and `check`. The same steps as the pipeline, without its
// writes.

namespace devy::upload {
namespace {

OnProgress ignore_progress() {
  return [](const Progress&) {};
}

void append(std::vector<snapshot::FileError>& to, const std::vector<snapshot::FileError>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

std::vector<snapshot::FileError> all_warnings(const Tree& tree, const Rendering& rendering,
                                              const Linking& linking) {
  auto warnings = tree.warnings;
  append(warnings, rendering.warnings);
  append(warnings, linking.warnings());
  return warnings;
}

struct Planned {
  std::vector<PlannedPost> posts;
  publish::Redirects redirects;
};

// Reads each document again: one at a time is in memory.
Planned describe(const Rendering& rendering, const publish::PublishPlan& plan,
                 const std::vector<publish::KnownPost>& known, const blog::Settings& settings) {
  Planned planned;
  std::vector<publish::AliasRequest> requests;
  for (const auto& write : plan.writes) {
    auto document = rendering.spool.read(write.document);
    planned.posts.push_back({write.path, write.slug, std::move(document.title), document.date,
                             document.expires, document.is_draft && !settings.drafts,
                             document.word_count});
    if (!document.aliases.empty()) requests.push_back({write.path, std::move(document.aliases)});
  }
  planned.redirects = publish::find_redirects(plan, known, requests);
  return planned;
}

}  // namespace

Preview preview(pg::Connection& connection, const config::Config& config, const store::Blog& blog,
                const std::optional<std::string>& commit, const OnProgress& on_progress,
                const std::stop_token& stop) {
  const auto report = on_progress ? on_progress : ignore_progress();
  const auto clone = fetch_blog(
      config, blog, commit, may_leave_files_out(store::head_state(connection, blog.id)),
      [&](const repository::Progress& progress) {
        report({blog.address(), "fetch", progress.received_objects, progress.total_objects,
                progress.received_bytes});
      },
      stop);
  const auto state = read_blog(connection, blog.id);
  const auto tree = read_tree(clone, config.limits, state.blobs());
  Preview result;
  result.blog = blog.address();
  result.from_commit = blog.head_commit;
  result.to_commit = clone.tip().commit.hex();
  result.changeset = find_changes(connection, blog.id, clone, config.limits, state, tree);
  result.held =
      publish::why_held(result.changeset, state.posts.size(), tree.settings.max_delete_percent);
  const auto rendering = render_changes(
      config, clone, result.changeset, tree.settings,
      [&](std::size_t done, std::size_t total) {
        report({blog.address(), "render", done, total, 0});
      },
      stop);
  const auto plan =
      publish::plan(result.changeset, tree.settings.root, rendering.files, state.posts);
  for (const auto& problem : plan.problems)
    result.file_errors.push_back(problem.error);
  Linking linking(config, clone, {{blog.username, blog.slug}, tree, state.posts, plan},
                  {[&] { return store::blog_assets(connection, blog.id); }, {}});
  linking.resolve_written(rendering);
  if (linking.digest() != store::head_state(connection, blog.id).link_digest)
    linking.resolve_others(connection, blog.id);
  result.warnings = all_warnings(tree, rendering, linking);
  auto planned = describe(rendering, plan, state.posts, tree.settings);
  result.posts = std::move(planned.posts);
  result.redirects = std::move(planned.redirects.coming);
  append(result.warnings, planned.redirects.warnings);
  if (!result.held) result.held = publish::why_held(plan, state.posts.size());
  return result;
}

CheckReport check_directory(const config::Config& config, const std::string& directory,
                            const OnProgress& on_progress) {
  const auto report = on_progress ? on_progress : ignore_progress();
  const auto clone = repository::Clone::import_directory(config, directory);
  const auto tree = read_tree(clone, config.limits, {});
  const auto changeset = snapshot::difference({}, tree.snapshot);
  const auto rendering = render_changes(config, clone, changeset, tree.settings,
                                        [&](std::size_t done, std::size_t total) {
                                          report({directory, "render", done, total, 0});
                                        },
                                        {});
  const std::vector<publish::KnownPost> none;
  const auto plan = publish::plan(changeset, tree.settings.root, rendering.files, none);
  CheckReport result;
  for (const auto& problem : plan.problems)
    result.file_errors.push_back(problem.error);
  // Whose blog it will be is not known, nor matters: only whether links lead anywhere.
  Linking linking(config, clone, {{}, tree, none, plan}, {});
  linking.resolve_written(rendering);
  result.warnings = all_warnings(tree, rendering, linking);
  auto planned = describe(rendering, plan, none, tree.settings);
  result.posts = std::move(planned.posts);
  result.redirects = std::move(planned.redirects.coming);
  append(result.warnings, planned.redirects.warnings);
  return result;
}

}  // namespace devy::upload
