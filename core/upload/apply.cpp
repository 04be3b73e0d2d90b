#include "core/upload/apply.hpp"

#include <algorithm>

#include "core/base/fault_point.hpp"
#include "core/queue/finish.hpp"
#include "core/store/upload_store.hpp"

namespace devy::upload {
namespace {

using snapshot::ChangeKind;

store::ChangeCounts count(const publish::PublishPlan& plan) {
  const auto of = [&](ChangeKind kind) {
    return static_cast<std::int64_t>(std::ranges::count(plan.writes, kind, &publish::Write::kind));
  };
  store::ChangeCounts counts;
  counts.created = of(ChangeKind::created);
  counts.updated = of(ChangeKind::updated);
  counts.renamed = of(ChangeKind::renamed);
  counts.deleted = static_cast<std::int64_t>(plan.deletes.size());
  counts.unchanged = static_cast<std::int64_t>(plan.unchanged);
  counts.file_errors = static_cast<std::int64_t>(plan.problems.size());
  return counts;
}

// Whose use of assets is written anew.
std::vector<base::PostId> posts_with_links(const publish::PublishPlan& plan,
                                           const Linking& linking) {
  std::vector<base::PostId> posts;
  for (const auto& write : plan.writes)
    if (write.had_links) posts.push_back(*write.post);
  for (const auto& relink : linking.relinks())
    posts.push_back(relink.post);
  return posts;
}

// Assets before who uses them, and those that nobody uses any more at the end.
void write_posts(pg::Connection& connection, base::Random& random,
                 const store::PublishTarget& target, const Tree& tree, const Rendering& rendering,
                 const publish::PublishPlan& plan, const Linking& linking) {
  store::delete_posts(connection, target, plan.deletes);
  store::drop_aliases(connection, plan.writes);
  store::write_old_slugs(connection, target, plan.writes);
  const auto released = posts_with_links(plan, linking);
  store::release_assets(connection, released);
  for (const auto& asset : linking.new_assets())
    store::write_blog_asset(connection, target.blog, asset);
  for (const auto& relocation : plan.relocations)
    store::relocate_post(connection, target, relocation);
  for (const auto& write : plan.writes) {
    base::fault_point("W9");
    auto document = rendering.spool.read(write.document);
    if (tree.settings.drafts) document.is_draft = false;
    store::PostKeys keys;
    keys.id = write.post ? *write.post : base::PostId::trusted(random.uuid());
    if (document.is_draft) keys.preview_token = random.token();
    const auto links = linking.fill(document, write.path);
    store::write_post(connection, target, write, keys, document, links);
    store::use_assets(connection, target.blog, keys.id, Linking::asset_paths(links));
  }
  for (const auto& relink : linking.relinks()) {
    auto document = linking.others().read(relink.document);
    auto links = linking.fill(document, relink);
    const auto paths = Linking::asset_paths(links);
    store::write_links(connection, target.blog,
                       {relink.post, std::move(document.html), std::move(links)});
    store::use_assets(connection, target.blog, relink.post, paths);
  }
  if (!released.empty() || !plan.deletes.empty() || linking.has_looked_at_others())
    store::drop_unused_assets(connection, target.blog);
  store::drop_beaten_redirects(connection, target);
  store::write_file_errors(connection, target, plan.problems);
}

}  // namespace

void apply(const config::Config& config, base::Random& random, queue::Attempt& attempt,
           const store::PublishTarget& target, const Tree& tree, const Rendering& rendering,
           const publish::PublishPlan& plan, const Linking& linking) {
  auto& connection = attempt.connection;
  auto warnings = tree.warnings;
  for (const auto* more : {&rendering.warnings, &linking.warnings()})
    warnings.insert(warnings.end(), more->begin(), more->end());

  base::fault_point("W8");
  pg::Transaction transaction(connection);
  queue::fence(connection, attempt.lease, config.queue.lease_ttl);
  connection.begin_pipeline();
  write_posts(connection, random, target, tree, rendering, plan, linking);
  store::move_head(connection, target,
                   {tree.settings.name, tree.settings.description, settings_to_json(tree.settings),
                    linking.is_complete() ? std::optional(linking.digest()) : std::nullopt,
                    attempt.lease.is_forced});
  connection.end_pipeline();
  store::save_counts(connection, target.upload, count(plan), warnings);
  queue::Ending ending;
  ending.revision = target.commit;
  queue::finish(connection, attempt.lease, ending);
  base::fault_point("W10");
  transaction.commit();
  base::fault_point("W12");
}

}  // namespace devy::upload
