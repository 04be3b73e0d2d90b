#include <algorithm>

#include "core/platform/base/clock.hpp"
#include "core/platform/git/clone.hpp"
#include "core/publishing/plan/guard.hpp"
#include "core/publishing/store/head_store.hpp"
#include "core/publishing/upload/changes.hpp"
#include "core/publishing/upload/dating.hpp"
#include "core/publishing/upload/linking.hpp"
#include "core/publishing/upload/rendering.hpp"
#include "core/publishing/upload/service.hpp"
#include "core/publishing/upload/source.hpp"
#include "core/publishing/upload/tree.hpp"
#include "core/publishing/upload/warning_list.hpp"

// Looking before publishing: `diff` and `check`. The same steps as the pipeline, without its
// writes.

namespace devy::upload {
namespace {

queue::OnProgress ignore_progress() {
  return [](const queue::Progress&) {};
}

struct Planned {
  std::vector<PlannedPost> posts;
  plan::Redirects redirects;
};

// Reads each document again: one at a time is in memory.
Planned describe(const Rendering& rendering, const plan::PublishPlan& plan, const Dating& dating,
                 const std::vector<plan::KnownPost>& known, const blog::Settings& settings) {
  Planned planned;
  std::vector<plan::AliasRequest> requests;
  for (const auto& write : plan.writes) {
    auto document = rendering.spool.read(write.document);
    auto date = document.date;
    if (const auto at = dating.find(write.path); !date && at)
      date = post::WrittenDate{std::min(*at, base::system_clock().now()), std::nullopt};
    planned.posts.push_back({write.path, write.slug, std::move(document.title), date,
                             document.expires, document.is_draft && !settings.drafts,
                             document.word_count});
    if (!document.aliases.empty()) requests.push_back({write.path, std::move(document.aliases)});
  }
  planned.redirects = plan::find_redirects(plan, known, requests);
  return planned;
}

}  // namespace

Preview preview(pg::Connection& connection, const config::Config& config,
                const publishing::Blog& blog, const std::optional<std::string>& commit,
                const queue::OnProgress& on_progress, const std::stop_token& stop) {
  const auto report = on_progress ? on_progress : ignore_progress();
  const auto head = publishing::head_state(connection, blog.id);
  const auto clone = fetch_blog(
      config, blog, commit, may_leave_files_out(head),
      [&](const git::Progress& progress) {
        report({blog.address(), "fetch", progress.received_objects, progress.total_objects,
                progress.received_bytes});
      },
      stop);
  auto state = read_blog(connection, blog.id);
  const auto tree = read_tree(clone, config.limits, state.blobs());
  Preview result;
  result.blog = blog.address();
  result.left_out = tree.left_out;
  result.from_commit = blog.head_commit;
  result.to_commit = clone.tip().commit.hex();
  result.changeset = find_changes(connection, blog.id, clone, config.limits, state, tree);
  result.held =
      plan::hold_reason(result.changeset, state.posts.size(), tree.settings.max_delete_percent);
  const auto rendering = render_changes(
      config, clone, result.changeset, tree.settings,
      [&](std::size_t done, std::size_t total) {
        report({blog.address(), "render", done, total, 0});
      },
      stop);
  find_slug_bases(connection, blog.id, result.changeset,
                  {settings_from_json(head.settings_json).root, tree.settings.root}, state);
  const auto plan = plan::plan(result.changeset, tree.settings.root, rendering.files, state.posts);
  for (const auto& problem : plan.problems)
    result.file_errors.push_back(problem.error);
  Linking linking(
      config, clone,
      {{blog.username, blog.slug},
       tree,
       state.posts,
       plan,
       rendering,
       [&](const auto& paths) { return publishing::post_anchors(connection, blog.id, paths); }},
      {[&] { return publishing::blog_assets(connection, blog.id); }, {}});
  linking.resolve_written();
  if (linking.digest() != head.link_digest) linking.resolve_others(connection, blog.id);
  else linking.resolve_places(connection, blog.id);
  const auto dating = find_dates(clone, plan, state.posts, {.head = since_head(head)},
                                 [&](const git::Progress& progress) {
                                   report({blog.address(), "history", progress.received_objects,
                                           progress.total_objects, progress.received_bytes});
                                 });
  auto planned = describe(rendering, plan, dating, state.posts, tree.settings);
  result.warnings = all_warnings(tree, rendering, plan, linking, planned.redirects, dating);
  result.posts = std::move(planned.posts);
  result.redirects = std::move(planned.redirects.coming);
  if (!result.held) result.held = plan::hold_reason(plan, state.posts.size());
  return result;
}

namespace {

CheckReport check_clone(const config::Config& config, const std::string& directory,
                        const git::Clone& clone, const queue::OnProgress& report);

}  // namespace

CheckReport check_directory(const config::Config& config, const std::string& directory,
                            const queue::OnProgress& on_progress) {
  const auto report = on_progress ? on_progress : ignore_progress();
  const auto clone = git::Clone::import_directory(config, directory);
  try {
    return check_clone(config, directory, clone, report);
  } catch (const blog::BrokenSettings& broken) {
    // Without settings nobody can tell which files are posts.
    CheckReport result;
    result.file_errors = broken.problems();
    return result;
  }
}

namespace {

CheckReport check_clone(const config::Config& config, const std::string& directory,
                        const git::Clone& clone, const queue::OnProgress& report) {
  const auto tree = read_tree(clone, config.limits, {});
  const auto changeset = snapshot::difference({}, tree.snapshot);
  const auto rendering = render_changes(config, clone, changeset, tree.settings,
                                        [&](std::size_t done, std::size_t total) {
                                          report({directory, "render", done, total, 0});
                                        },
                                        {});
  const std::vector<plan::KnownPost> none;
  const auto plan = plan::plan(changeset, tree.settings.root, rendering.files, none);
  CheckReport result;
  result.left_out = tree.left_out;
  for (const auto& problem : plan.problems)
    result.file_errors.push_back(problem.error);
  // The blog that this folder will become is unknown, but does not matter: only whether links lead
  // anywhere does.
  Linking linking(config, clone, {{}, tree, none, plan, rendering}, {});
  linking.resolve_written();
  const auto dating = find_dates(clone, plan, none, {.is_local = true}, {});
  auto planned = describe(rendering, plan, dating, none, tree.settings);
  result.warnings = all_warnings(tree, rendering, plan, linking, planned.redirects, dating);
  result.posts = std::move(planned.posts);
  result.redirects = std::move(planned.redirects.coming);
  return result;
}

}  // namespace

}  // namespace devy::upload
