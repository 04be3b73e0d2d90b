#include "core/publishing/store/upload_store.hpp"

#include "core/platform/queue/prune_pass.hpp"
#include "core/platform/queue/stats.hpp"
#include "core/publishing/store/prune.hpp"
#include "core/systems.hpp"
#include "tests/integration/publishing/store/store_fixture.hpp"

namespace devy::publishing {
namespace upload_store_test {

using base::ErrorKind;

class Uploads : public StoreTest {};

// What the prunables of all systems delete, by name.
queue::PruneCounts pruned(pg::Connection& connection, const queue::PruneAges& ages) {
  queue::PruneCounts counts;
  for (const auto& prunable : systems::prunables())
    counts.merge(queue::prune_all(connection, prunable, ages, {}, base::system_clock(),
                                  [](const queue::PruneCounts&) {}));
  return counts;
}
queue::PruneCounts estimated(pg::Connection& connection, const queue::PruneAges& ages) {
  constexpr int rows_max = 1'000;
  queue::PruneCounts counts;
  for (const auto& prunable : systems::prunables())
    counts.merge(prunable.estimate(connection, ages, rows_max).counts);
  return counts;
}
std::int64_t sum_of(const std::map<std::string, std::int64_t>& counts) {
  std::int64_t sum = 0;
  for (const auto& [name, count] : counts)
    sum += count;
  return sum;
}

TEST_F(Uploads, RecordsWhatWasRequested) {
  UploadRequest asked;
  asked.ref = "preview";
  asked.commit = std::string(40, 'c');
  asked.requested_by = "operator@host";
  asked.reason = "because";
  asked.priority = 7;
  const auto upload = load_upload(connection_, record_upload(connection_, blog(), asked).id);
  EXPECT_EQ(upload.state, queue::State::verified);
  EXPECT_EQ(upload.blog, "alice/blog");
  EXPECT_EQ(upload.ref, "preview");
  EXPECT_EQ(upload.requested_commit, asked.commit);
  EXPECT_EQ(upload.requested_by, "operator@host");
  EXPECT_EQ(upload.reason, "because");
  EXPECT_EQ(upload.priority, 7);
  EXPECT_EQ(upload.trigger, "operator");
  EXPECT_FALSE(upload.changes);
}

TEST_F(Uploads, ReturnsTheSameUploadForTheSameIdempotencyKey) {
  UploadRequest asked;
  asked.idempotency_key = "key";
  const auto first = record_upload(connection_, blog(), asked);
  const auto second = record_upload(connection_, blog(), asked);
  EXPECT_EQ(second.id, first.id);
  EXPECT_FALSE(second.is_new);
  EXPECT_EQ(value("select count(*) from upload"), "1");
}

TEST_F(Uploads, FindsOneByPrefixOrAlias) {
  const auto id = completed_upload(blog());
  EXPECT_EQ(find_upload(connection_, id.text()).id, id);
  EXPECT_EQ(find_upload(connection_, id.text().substr(0, 8)).id, id);
  EXPECT_EQ(find_upload(connection_, id.text().substr(0, 14)).id, id);
  EXPECT_EQ(find_upload(connection_, "@last").id, id);
  for (const std::string name : {"abc", "zzzz", "@last-failed", "@nonsense", "", "ffffffff-ffff-",
                                 "00000000-0000-0000-0000-0000000000000"})
    EXPECT_EQ(error_of([&] { static_cast<void>(find_upload(connection_, name)); }).kind(),
              ErrorKind::not_found)
        << name;
}

TEST_F(Uploads, NamesTheCandidatesOfAnAmbiguousPrefix) {
  const auto of = blog();
  for (const auto* id :
       {"abcd1111-0000-4000-8000-000000000001", "abcd2222-0000-4000-8000-000000000002"}) {
    execute(
        "insert into operation (id, kind, resource_id, source, state, finished_at, duplicate_of)"
        " values ('" +
        std::string(id) + "', 'upload', " + std::to_string(of.resource) +
        ", 'poll', 'duplicate', now(), gen_random_uuid())");
    execute("insert into upload (operation_id, blog_id, repository_url) values ('" +
            std::string(id) + "', '" + of.id.text() + "', 'x')");
  }
  const auto error = error_of([&] { static_cast<void>(find_upload(connection_, "ABCD")); });
  EXPECT_EQ(error.code(), "upload_ambiguous");
  EXPECT_NE(error.text().find("abcd2222-"), std::string::npos);
  EXPECT_EQ(find_upload(connection_, "abcd2").id.text().substr(0, 8), "abcd2222");
  EXPECT_EQ(unambiguous_length(connection_, list_uploads(connection_, {})), 8U);
}

TEST_F(Uploads, ListsTheFilteredNewestFirst) {
  const auto first = completed_upload(blog());
  const auto second = record_upload(connection_, blog(), {}).id;
  const auto all = list_uploads(connection_, {});
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].id, second);
  UploadFilter filter;
  filter.states = {queue::State::completed};
  EXPECT_EQ(list_uploads(connection_, filter).at(0).id, first);
  filter = {};
  filter.limit = 1;
  EXPECT_EQ(list_uploads(connection_, filter).size(), 1U);
  filter = {};
  filter.blog = "alice/other";
  EXPECT_TRUE(list_uploads(connection_, filter).empty());
  filter = {};
  filter.since = std::chrono::hours(1);
  execute("update operation set created_at = now() - interval '2 hours' where id = '" +
          first.text() + "'");
  EXPECT_EQ(list_uploads(connection_, filter).size(), 1U);
}

TEST_F(Uploads, ListsAsStuckTheOverdueTheHeldAndThoseWithoutALease) {
  UploadFilter stuck;
  stuck.is_stuck = true;
  const auto id = record_upload(connection_, blog(), {}).id;
  EXPECT_TRUE(list_uploads(connection_, stuck).empty());
  execute("update operation set run_at = now() - interval '10 minutes'");
  EXPECT_EQ(list_uploads(connection_, stuck).size(), 1U);
  execute("update operation set state = 'scheduled', attempt = 1");
  EXPECT_TRUE(list_uploads(connection_, stuck).empty());
  execute(
      "update lease l set fence = 1, operation_id = o.id, worker = 'w',"
      " lease_expires_at = now() - interval '1 minute'"
      " from operation o where o.resource_id = l.resource_id");
  EXPECT_EQ(list_uploads(connection_, stuck).at(0).id, id);
}

TEST_F(Uploads, TellsWhatIsOverdueFromWhatWaitsForAPerson) {
  UploadFilter stuck, overdue;
  stuck.is_stuck = overdue.is_overdue = true;
  const auto id = record_upload(connection_, blog(), {}).id;
  const auto is_listed = [&](const UploadFilter& filter) {
    return !list_uploads(connection_, filter).empty();
  };
  execute("update operation set run_at = now() - interval '10 minutes'");
  EXPECT_TRUE(is_listed(overdue));
  for (const std::optional<queue::ResourceId> whole : {std::optional(blog().resource), {}}) {
    queue::pause(connection_, whole, "moving (ann@host)");
    EXPECT_TRUE(is_listed(stuck));
    EXPECT_FALSE(is_listed(overdue));
    const auto pause = load_upload(connection_, id).pause;
    ASSERT_TRUE(pause.has_value());
    EXPECT_EQ(pause->is_whole_queue, !whole.has_value());
    EXPECT_EQ(pause->reason, "moving (ann@host)");
    EXPECT_TRUE(pause->since.has_value());
    EXPECT_EQ(blog().pause.has_value(), whole.has_value());
    queue::resume(connection_, whole);
    EXPECT_FALSE(load_upload(connection_, id).pause.has_value());
    EXPECT_FALSE(blog().pause.has_value());
  }
  execute("update operation set state = 'scheduled', attempt = 1");
  execute("update operation set state = 'held'");
  EXPECT_TRUE(is_listed(stuck));
  EXPECT_FALSE(is_listed(overdue));
}

TEST_F(Uploads, ReturnsAChangesetUnchanged) {
  const auto id = record_upload(connection_, blog(), {}).id;
  StoredChangeset stored{std::nullopt, std::string(40, 'b'), "origin", {}};
  stored.changeset.changes = {{snapshot::ChangeKind::renamed, "b.md",
                               *snapshot::BlobId::parse(std::string(40, 'd')), "a.md"}};
  stored.changeset.unchanged = 3;
  save_changeset(connection_, id, stored, {{"a.md", 1, 2, "warned"}});
  const auto loaded = load_changeset(connection_, id);
  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->changeset, stored.changeset);
  EXPECT_EQ(loaded->from_commit, std::nullopt);
  const auto upload = load_upload(connection_, id);
  EXPECT_EQ(upload.changes->renamed, 1);
  EXPECT_EQ(upload.warnings.at(0).message, "warned");
}

TEST_F(Uploads, KeepsOnPruneTheLastAndReferencedUploads) {
  const auto old = completed_upload(blog());
  const auto last = completed_upload(blog());
  UploadRequest again;
  again.announced_commit = std::string(40, 'a');
  execute("update operation set finished_at = now() - interval '90 days'");
  EXPECT_EQ(estimated(connection_, {std::chrono::hours(24)})["uploads"], 1);
  EXPECT_EQ(value("select count(*) from operation"), "2") << "an estimate changes nothing";
  EXPECT_EQ(pruned(connection_, {std::chrono::hours(24)})["uploads"], 1);
  EXPECT_EQ(find_upload(connection_, "@last").id, last);
  EXPECT_EQ(value("select count(*) from operation_event where operation_id = '" + old.text() + "'"),
            "0");
  EXPECT_EQ(pruned(connection_, {std::chrono::hours(24)})["uploads"], 0);
}

TEST_F(Uploads, PrunesTheBodyOfADeliveryBeforeItsRow) {
  execute(
      "insert into delivery (guid, event, verdict, body, received_at) select gen_random_uuid(), "
      "'push', 'ignored', 'body', now() - days * interval '1 day' from unnest(array[1, 8, 91]) "
      "days");
  const queue::PruneAges ages{std::chrono::hours(24 * 90), std::chrono::hours(24 * 7)};
  auto counts = estimated(connection_, ages);
  EXPECT_EQ(counts["deliveries"], 1);
  EXPECT_EQ(counts["bodies"], 1);
  counts = pruned(connection_, ages);
  EXPECT_EQ(counts["deliveries"], 1);
  EXPECT_EQ(counts["bodies"], 1);
  EXPECT_EQ(value("select string_agg(coalesce(length(body), 0)::text, ' ' order by received_at) "
                  "from delivery"),
            "0 4");
  EXPECT_EQ(pruned(connection_, ages)["bodies"], 0);
}

TEST_F(Uploads, PrunesAndCountsSentStatuses) {
  execute(
      "insert into resource (kind, key) values ('github_status', 'x');"
      "insert into operation (id, kind, resource_id, source, direction, lane, state, finished_at,"
      " dropped_for) select gen_random_uuid(), 'github_status', r.id, 'webhook', 'outbound',"
      " 'github',"
      " 'dropped', now() - interval '91 days', gen_random_uuid() from resource r"
      " where r.kind = 'github_status'");
  const queue::PruneAges ages{std::chrono::hours(24 * 90), std::chrono::hours(24 * 7)};
  auto counts = pruned(connection_, ages);
  EXPECT_EQ(counts["statuses"], 1);
  EXPECT_EQ(sum_of(counts), 1);
  EXPECT_EQ(sum_of(pruned(connection_, ages)), 0);
}

TEST_F(Uploads, KeepsOnPruneWhatAYoungDuplicatePointsTo) {
  const auto old = completed_upload(blog());
  completed_upload(blog());
  execute("update operation set finished_at = now() - interval '90 days'");
  execute(
      "insert into operation (id, kind, resource_id, source, state, finished_at, duplicate_of)"
      " select gen_random_uuid(), 'upload', resource_id, 'poll', 'duplicate', now(), id"
      " from operation where id = '" +
      old.text() + "'");
  EXPECT_EQ(pruned(connection_, {std::chrono::hours(24)})["uploads"], 0);
}

TEST_F(Uploads, PrunesAHistoryWholeOrNotAtAll) {
  const auto add = [&](const char* post, int version, int days_ago) {
    execute(
        "insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit,"
        " at) values ('" +
        std::string(post) + "', " + std::to_string(version) + ", '" + blog().id.text() +
        "', 'deleted', 'p', 's', 't', 'b', 'c', now() - interval '" + std::to_string(days_ago) +
        " days')");
  };
  add("00000000-0000-4000-8000-000000000001", 1, 90);
  add("00000000-0000-4000-8000-000000000001", 2, 80);
  add("00000000-0000-4000-8000-000000000002", 1, 90);
  add("00000000-0000-4000-8000-000000000002", 2, 1);
  EXPECT_EQ(estimated(connection_, {std::chrono::hours(24 * 30)})["revisions"], 2);
  EXPECT_EQ(pruned(connection_, {std::chrono::hours(24 * 30)})["revisions"], 2);
  EXPECT_EQ(value("select count(*) from revision"), "2");
}

TEST_F(Uploads, PrunesALongHistoryInSeveralBatchesAndItsEndLast) {
  execute(
      "insert into revision (post_id, version, blog_id, change, path, slug, title, blob, commit,"
      " at) select '00000000-0000-4000-8000-000000000001', n, '" +
      blog().id.text() +
      "', case when n = 5 then 'deleted' else 'updated' end, 'p', 's', 't', 'b', 'c', now() -"
      " interval '90 days' + n * interval '1 hour' from generate_series(1, 5) n");
  const auto revisions = prunables().at(0);
  queue::PruneRequest request{std::chrono::hours(24), {}, 2};
  auto batch = revisions.prune(connection_, request);
  EXPECT_FALSE(batch.is_last);
  EXPECT_EQ(value("select string_agg(version::text, ' ' order by version) from revision"), "3 4 5");
  while (!batch.is_last) {
    request.position = batch.position;
    batch = revisions.prune(connection_, request);
  }
  EXPECT_EQ(value("select count(*) from revision"), "0");
}

TEST_F(Uploads, KeepsOnPruneTheUploadThatABlogShows) {
  const auto shown = completed_upload(blog());
  completed_upload(blog());
  execute("update operation set finished_at = now() - interval '90 days'");
  execute("update blog set head_operation_id = '" + shown.text() + "'");
  EXPECT_EQ(pruned(connection_, {std::chrono::hours(24)})["uploads"], 0);
  execute("update blog set head_operation_id = null");
  EXPECT_EQ(pruned(connection_, {std::chrono::hours(24)})["uploads"], 1);
}

TEST_F(Uploads, CountsStatesAndTimesInStats) {
  completed_upload(blog());
  record_upload(connection_, blog(), {});
  const auto stats = queue::queue_stats(connection_, std::chrono::hours(1));
  ASSERT_EQ(stats.states.size(), 2U);
  EXPECT_EQ(stats.states[0].state, "completed");
  EXPECT_EQ(stats.finished, 1);
  EXPECT_TRUE(stats.mean_ms.has_value());
  EXPECT_TRUE(stats.oldest_waiting_ms.has_value());
  EXPECT_EQ(stats.over_five_minutes_share, 0);
  EXPECT_FALSE(stats.paused_until);
}

TEST_F(Uploads, GivesStatsOfAnEmptyQueue) {
  const auto stats = queue::queue_stats(connection_, std::chrono::hours(1));
  EXPECT_TRUE(stats.states.empty());
  EXPECT_FALSE(stats.mean_ms);
  EXPECT_FALSE(stats.oldest_waiting_ms);
}

}  // namespace upload_store_test
}  // namespace devy::publishing
