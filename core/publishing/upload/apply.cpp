#include "core/publishing/upload/apply.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "core/platform/base/fault_point.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/publishing/plan/redirects.hpp"
#include "core/publishing/store/altered_store.hpp"
#include "core/publishing/store/head_store.hpp"
#include "core/publishing/store/publish_store.hpp"
#include "core/publishing/store/reconcile_schedule.hpp"
#include "core/publishing/store/redirect_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/publishing/upload/warning_list.hpp"

namespace devy::upload {
namespace {

using snapshot::ChangeKind;

publishing::ChangeCounts count(const plan::PublishPlan& plan) {
  const auto of = [&](ChangeKind kind) {
    return static_cast<std::int64_t>(std::ranges::count(plan.writes, kind, &plan::Write::kind));
  };
  publishing::ChangeCounts counts;
  counts.created = of(ChangeKind::created);
  counts.updated = of(ChangeKind::updated);
  counts.renamed = of(ChangeKind::renamed);
  counts.deleted = static_cast<std::int64_t>(plan.deletes.size());
  counts.unchanged = static_cast<std::int64_t>(plan.unchanged);
  counts.file_errors = static_cast<std::int64_t>(plan.problems.size());
  return counts;
}

// The posts whose use of assets is written anew.
std::vector<base::PostId> posts_with_links(const plan::PublishPlan& plan, const Linking& linking) {
  std::vector<base::PostId> posts;
  for (const auto& write : plan.writes)
    if (write.had_links) posts.push_back(*write.post);
  for (const auto& relink : linking.relinks())
    posts.push_back(relink.post);
  return posts;
}

// Pages or aliases may go, at whose addresses other posts were before.
bool frees_addresses(const plan::PublishPlan& plan, const std::vector<plan::KnownPost>& known) {
  if (!plan.deletes.empty()) return true;
  std::unordered_set<std::string> with_aliases;
  for (const auto& post : known)
    if (!post.aliases.empty()) with_aliases.insert(post.id.text());
  return std::ranges::any_of(plan.writes, [&](const auto& write) {
    return write.post && with_aliases.contains(write.post->text());
  });
}

// Assets are written before the posts that use them, and unused ones are dropped at the end.
plan::Redirects write_posts(pg::Connection& connection, base::Random& random,
                            const publishing::PublishTarget& target, const Tree& tree,
                            const Rendering& rendering, const plan::PublishPlan& plan,
                            const Linking& linking, const Dating& dating,
                            const std::vector<plan::KnownPost>& known) {
  if (target.is_repair) publishing::restore_posts(connection, target);
  publishing::delete_posts(connection, target, plan.deletes);
  publishing::drop_redirects(connection, target, plan.writes);
  const auto released = posts_with_links(plan, linking);
  publishing::release_assets(connection, released);
  publishing::release_places(connection, released);
  for (const auto& asset : linking.new_assets())
    publishing::write_blog_asset(connection, target.blog, asset);
  for (const auto& relocation : plan.relocations)
    publishing::relocate_post(connection, target, relocation);
  for (const auto& other : dating.others)
    publishing::redate_post(connection, target, other.post, other.first_commit_at);
  if (dating.settles) publishing::settle_dates(connection, target);
  std::vector<plan::AliasRequest> requests;
  std::unordered_map<std::string, base::PostId> posts;  // by path
  for (const auto& write : plan.writes) {
    base::fault_point("before_post_write");
    auto document = rendering.spool.read(write.document);
    if (tree.settings.drafts) document.is_draft = false;
    publishing::PostKeys keys;
    keys.id = write.post ? *write.post : base::PostId::trusted(random.uuid());
    keys.preview_token = random.token();
    keys.first_commit_at = dating.find(write.path);
    keys.undated = dating.undated;
    const auto links = linking.fill(document, write.path);
    publishing::write_post(connection, target, write, keys, document, links);
    publishing::use_assets(connection, target.blog, keys.id, Linking::asset_paths(links));
    publishing::use_places(connection, target.blog, keys.id, links.fragment_posts);
    if (!document.aliases.empty()) requests.push_back({write.path, std::move(document.aliases)});
    posts.emplace(write.path, keys.id);
  }
  auto redirects = plan::find_redirects(plan, known, requests);
  for (const auto& redirect : redirects.coming)
    publishing::write_redirect(connection, target, redirect, posts.at(redirect.path));
  if (target.is_repair || frees_addresses(plan, known))
    publishing::return_redirects(connection, target);
  for (const auto& relink : linking.relinks()) {
    auto document = linking.others().read(relink.document);
    auto links = linking.fill(document, relink);
    const auto paths = Linking::asset_paths(links);
    publishing::use_places(connection, target.blog, relink.post, links.fragment_posts);
    publishing::write_links(connection, target.blog,
                            {relink.post, std::move(document.html), std::move(links)});
    publishing::use_assets(connection, target.blog, relink.post, paths);
  }
  if (!released.empty() || !plan.deletes.empty() || linking.has_looked_at_others())
    publishing::drop_unused_assets(connection, target.blog);
  publishing::write_file_errors(connection, target, plan.problems);
  return redirects;
}

}  // namespace

void apply(const config::Config& config, base::Random& random, queue::Attempt& attempt,
           const publishing::PublishTarget& target, const Tree& tree, const Rendering& rendering,
           const plan::PublishPlan& plan, const Linking& linking, const Dating& dating,
           const std::vector<plan::KnownPost>& known) {
  auto& connection = attempt.connection;
  base::fault_point("before_publish_begin");
  pg::Transaction transaction(connection);
  queue::fence(connection, attempt.lease, config.queue.lease_ttl);
  connection.begin_pipeline();
  const auto redirects =
      write_posts(connection, random, target, tree, rendering, plan, linking, dating, known);
  publishing::move_head(
      connection, target,
      {tree.settings.name, tree.settings.description, settings_to_json(tree.settings),
       linking.is_complete() ? std::optional(linking.digest()) : std::nullopt});
  connection.end_pipeline();
  publishing::note_skipped_tip(connection, target.blog, target.skipped_tip);
  publishing::save_counts(connection, target.upload, count(plan),
                          all_warnings(tree, rendering, plan, linking, redirects, dating));
  queue::AttemptResult ending;
  ending.revision = target.commit;
  queue::finish(connection, attempt.lease, ending);
  base::fault_point("before_publish_commit");
  transaction.commit();
  base::fault_point("after_publish_commit");
}

}  // namespace devy::upload
