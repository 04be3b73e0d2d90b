#include "core/upload/apply.hpp"

#include <algorithm>

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

void write_posts(pg::Connection& connection, base::Random& random,
                 const store::PublishTarget& target, const Tree& tree, const Rendering& rendering,
                 const publish::PublishPlan& plan) {
  store::delete_posts(connection, target, plan.deletes);
  for (const auto& relocation : plan.relocations)
    store::relocate_post(connection, target, relocation);
  for (const auto& write : plan.writes) {
    auto document = rendering.spool.read(write.document);
    if (tree.settings.drafts) document.is_draft = false;
    store::PostKeys keys;
    keys.id = write.post ? *write.post : base::PostId::trusted(random.uuid());
    if (document.is_draft) keys.preview_token = random.token();
    store::write_post(connection, target, write, keys, document);
  }
  store::write_redirects(connection, target, plan.writes);
  store::write_file_errors(connection, target, plan.problems);
}

}  // namespace

void apply(const config::Config& config, base::Random& random, queue::Attempt& attempt,
           const store::PublishTarget& target, const Tree& tree, const Rendering& rendering,
           const publish::PublishPlan& plan) {
  auto& connection = attempt.connection;
  auto warnings = tree.warnings;
  warnings.insert(warnings.end(), rendering.warnings.begin(), rendering.warnings.end());

  pg::Transaction transaction(connection);
  queue::fence(connection, attempt.lease, config.queue.lease_ttl);
  connection.begin_pipeline();
  write_posts(connection, random, target, tree, rendering, plan);
  store::move_head(connection, target,
                   {tree.settings.name, tree.settings.description, settings_to_json(tree.settings),
                    attempt.lease.is_forced});
  connection.end_pipeline();
  store::save_counts(connection, target.upload, count(plan), warnings);
  queue::Ending ending;
  ending.revision = target.commit;
  queue::finish(connection, attempt.lease, ending);
  transaction.commit();
}

}  // namespace devy::upload
