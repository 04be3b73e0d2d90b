// The steps of the clean-up that look into S3 (cleanup_handler.hpp).
#include "core/files/cleanup/cleanup_handler.hpp"
#include "core/files/cleanup/store_handler.hpp"
#include "core/files/storing/object_name.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::cleanup {
namespace {

constexpr std::size_t objects_max = 100'000;  // of one round; the rest is found by the next

}  // namespace

bool CleanupHandler::pass_on(Work& work) const {
  auto& connection = work.connection();
  std::optional<base::Sha256> behind;
  while (true) {
    if (is_turn_over(work)) return false;
    const auto contents = files::pending_contents(connection, node(), behind, rows_max);
    if (contents.empty()) return true;
    bool is_any_new = false;
    for (const auto& sha256 : contents) {
      // Each in a transaction of its own: resources are locked in no order.
      pg::Transaction transaction(connection);
      fence(work);
      is_any_new |=
          files::record_store(connection, sha256, node(), queue::Source::reconcile).has_value();
      transaction.commit();
    }
    if (is_any_new) queue::wake_workers(connection);
    behind = contents.back();
  }
}

std::optional<queue::AttemptResult> CleanupHandler::clean_s3(Work& work) {
  const auto now = clock().monotonic_now();
  if (s3_looked_at_ && now - *s3_looked_at_ < s3_look_every) return std::nullopt;
  const auto pause = files::s3_pause(work.connection());
  if (pause && pause->left.count() > 0) return std::nullopt;
  try {
    const auto client = s3::make_client(config().files.s3, work.attempt.stop);
    begin_step(work, "multiparts");
    abort_multiparts(work, *client);
    begin_step(work, "orphans");
    if (auto held = doom_objects(work, *client)) return held;
    static_cast<void>(repeat(work, "resource",
                             [&] { return files::forget_resources(work.connection(), rows_max); }));
    s3_looked_at_ = now;
  } catch (const base::Error& error) {
    if (!error.code().starts_with("s3_")) throw;
    static_cast<void>(pause_of(work.connection(), error));
    base::log::warning("S3 not cleaned up", {{"error", error.text()}});
  }
  return std::nullopt;
}

void CleanupHandler::abort_multiparts(Work& work, s3::Client& client) const {
  std::vector<s3::OpenMultipart> old;
  const auto old_until = clock().now() - multipart_age;
  client.list_multiparts([&](const s3::OpenMultipart& multipart) {
    if (multipart.begun_at <= old_until && old.size() < objects_max) old.push_back(multipart);
  });
  for (const auto& multipart : old) {
    work.attempt.check();
    if (files::is_multipart_known(work.connection(), multipart.id)) continue;
    client.abort_multipart(multipart.key, multipart.id);
    base::count("file_deleted.multipart");
  }
}

std::optional<queue::AttemptResult> CleanupHandler::doom_objects(Work& work,
                                                                 s3::Client& client) const {
  auto& connection = work.connection();
  const auto& settings = config().files.s3;
  const auto old_until = clock().now() - orphan_age;
  Orphans counted;
  std::vector<files::ObjectName> candidates, orphans;
  const auto look = [&] {
    for (const auto& name : files::objects_without_row(connection, candidates))
      if (orphans.size() < objects_max) orphans.push_back(name);
    candidates.clear();
  };
  client.list([&](const s3::Object& object) {
    const auto name = storing::name_of(settings, object);
    if (!name) return;
    if (++counted.contents % rows_max == 0) report(work, "orphans", counted.contents);
    if (object.written_at > old_until) return;
    candidates.push_back(*name);
    if (candidates.size() == rows_max) look();
  });
  look();
  for (const auto& orphan : orphans)
    counted.orphans.push_back({orphan.sha256, static_cast<std::uint64_t>(orphan.size)});
  if (counted.are_many() && !work.attempt.lease.is_approved)
    return ask_about_orphans(orphans.size(), counted.contents);
  for (const auto& orphan : orphans) {
    work.attempt.check();
    pg::Transaction transaction(connection);
    fence(work);
    const bool is_doomed = files::doom_objects(connection, {orphan}) > 0;
    transaction.commit();
    base::count("file_deleted.orphan");
    // The content has a row, as another generation: nobody will ever use this one.
    if (!is_doomed) client.remove(storing::key_of(settings, orphan.sha256, orphan.generation));
  }
  return std::nullopt;
}

}  // namespace devy::cleanup
