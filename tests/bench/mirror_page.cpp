#include "tests/bench/mirror_page.hpp"

#include <algorithm>
#include <stdexcept>

#include "core/mirror/records/process.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/json/reader.hpp"
#include "tests/bench/measure.hpp"

namespace devy::bench {
namespace {

constexpr double upsert_share_wanted = 3;
constexpr int page_rounds = 20;  // behind one that is not measured: a session plans once
constexpr int page_rows = 100;
constexpr json::Format page_format{.name = "a page of issues", .bytes_max = 8'000'000};

constexpr const char* peer_table = R"sql(
  create schema if not exists peer;
  drop table if exists peer.issue;
  create table peer.issue (like github.issue including all))sql";

constexpr pg::Statement delete_issues{"delete_issues", R"sql(
  delete from github.issue where id = any ($1::bigint[]))sql"};
constexpr pg::Statement delete_peer_issues{"delete_peer_issues", R"sql(
  delete from peer.issue where id = any ($1::bigint[]))sql"};

// What the peer is given: a text for each column, whose upsert is all that is measured.
constexpr pg::Statement select_arrays{"select_arrays", R"sql(
  select array_agg(id order by id)::text as c1, array_agg(node_id order by id)::text as c2,
         array_agg(repository_id order by id)::text as c3, array_agg(number order by id)::text as c4,
         array_agg(is_pull_request order by id)::text as c5, array_agg(state order by id)::text as c6,
         array_agg(state_reason order by id)::text as c7, array_agg(type order by id)::text as c8,
         array_agg(title order by id)::text as c9, array_agg(body order by id)::text as c10,
         array_agg(user_id order by id)::text as c11, array_agg(user_login order by id)::text as c12,
         array_agg(assignee_id order by id)::text as c13,
         array_agg(assignee_login order by id)::text as c14,
         array_agg(milestone_id order by id)::text as c15,
         array_agg(milestone_number order by id)::text as c16,
         array_agg(locked order by id)::text as c17,
         array_agg(comments_count order by id)::text as c18,
         array_agg(reactions_count order by id)::text as c19,
         array_agg(author_association order by id)::text as c20,
         array_agg(created_at order by id)::text as c21,
         array_agg(updated_at order by id)::text as c22,
         array_agg(closed_at order by id)::text as c23,
         array_agg(github_at order by id)::text as c24,
         array_agg(last_replicated_via_api_at order by id)::text as c25
    from github.issue
   where id = any ($1::bigint[]))sql"};
constexpr int peer_columns = 25;

constexpr pg::Statement upsert_arrays{"upsert_arrays", R"sql(
  insert into peer.issue as t (
         id, node_id, repository_id, number, is_pull_request, state, state_reason, type, title, body,
         user_id, user_login, assignee_id, assignee_login, milestone_id, milestone_number, locked,
         comments_count, reactions_count, author_association, created_at, updated_at, closed_at,
         github_at, last_replicated_via_api_at)
  select * from unnest(
         $1::bigint[], $2::text[], $3::bigint[], $4::integer[], $5::boolean[], $6::text[], $7::text[],
         $8::text[], $9::text[], $10::text[], $11::bigint[], $12::text[], $13::bigint[], $14::text[],
         $15::bigint[], $16::integer[], $17::boolean[], $18::integer[], $19::integer[], $20::text[],
         $21::timestamptz[], $22::timestamptz[], $23::timestamptz[], $24::timestamptz[],
         $25::timestamptz[])
      on conflict (id) do update
     set node_id = excluded.node_id, number = excluded.number,
         is_pull_request = excluded.is_pull_request, state = excluded.state,
         state_reason = excluded.state_reason, type = excluded.type, title = excluded.title,
         body = excluded.body, user_id = excluded.user_id, user_login = excluded.user_login,
         assignee_id = excluded.assignee_id, assignee_login = excluded.assignee_login,
         milestone_id = excluded.milestone_id, milestone_number = excluded.milestone_number,
         locked = excluded.locked, comments_count = excluded.comments_count,
         reactions_count = excluded.reactions_count,
         author_association = excluded.author_association, created_at = excluded.created_at,
         updated_at = excluded.updated_at, closed_at = excluded.closed_at,
         github_at = excluded.github_at,
         last_replicated_via_api_at = excluded.last_replicated_via_api_at
   where t.github_at <= excluded.github_at)sql",
                                      true};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

class PageBench {
 public:
  PageBench(const MirrorRig& rig)
      : connection_(pg::Connection::open(rig.daemon().conninfo(), {}, "bench")),
        repository_id_(std::stoll(rig.repository_id())) {
    const auto text = rig.read(
        std::string("/repos/") + MirrorRig::repository +
        "/issues?state=all&sort=created&direction=asc&per_page=" + std::to_string(page_rows));
    records::process_list(json::parse(text, page_format), records::process_issue, origin(), page_);
    for (const auto* issue : page_.of(records::Relation::issue))
      ids_.push_back(std::to_string(issue->id));
    if (ids_.size() != page_rows) throw std::runtime_error("the page is not whole");
    connection_.run_script("peer_table", peer_table);
  }

  struct Times {
    double ours_ms = 0, peer_ms = 0;
    [[nodiscard]] double ratio() const { return ours_ms / peer_ms; }
  };
  // Each round with the page as it was edited once more; `are_new`: its issues have no rows.
  Times measure(bool are_new) {
    std::vector<double> ours, peers;
    for (int n = 0; n <= page_rounds; ++n) {
      if (are_new) connection_.execute(delete_issues, pg::Params(ids_));
      ours.push_back(apply_edited());
      if (are_new) connection_.execute(delete_peer_issues, pg::Params(ids_));
      peers.push_back(upsert());
    }
    ours.erase(ours.begin());
    peers.erase(peers.begin());
    return {median(std::move(ours)) * 1e3, median(std::move(peers)) * 1e3};
  }

 private:
  [[nodiscard]] records::Origin origin() const {
    const auto now = base::system_clock().now();
    return {.via = records::Via::api,
            .fetched_at = now,
            .github_at = now,
            .repository_id = repository_id_};
  }
  [[nodiscard]] records::Records edited() {
    ++edits_;
    records::Records records;
    for (const auto relation : records::relations)
      for (const auto* record : page_.of(relation)) {
        auto copy = *record;
        if (relation == records::Relation::issue) {
          copy.github_at = copy.github_at.value() + std::chrono::minutes(edits_);
          for (auto& [name, value] : copy.columns) {
            if (name == "title") value = "title " + std::to_string(edits_);
            if (name == "updated_at") value = copy.github_at;
          }
        }
        records.add(std::move(copy));
      }
    return records;
  }
  double apply_edited() {
    const auto records = edited();
    const auto now = base::system_clock().now();
    return seconds_of([&] {
      pg::Transaction transaction(connection_);
      const auto applied = mirror::apply(
          connection_, records, {records::Via::api, now, now, records::Relation::issue}, {});
      if (applied.at(records::Relation::issue).applied != page_rows)
        throw std::runtime_error("not every issue was written");
      transaction.commit();
    });
  }
  // Of the rows that are there now.
  double upsert() {
    const auto arrays = connection_.one(select_arrays, pg::Params(ids_));
    pg::Params params;
    for (int column = 1; column <= peer_columns; ++column)
      params.add(arrays[0].text(("c" + std::to_string(column)).c_str()));
    return seconds_of([&] {
      if (connection_.execute(upsert_arrays, params) != page_rows)
        throw std::runtime_error("not every issue was upserted");
    });
  }

  pg::Connection connection_;
  const std::int64_t repository_id_;
  records::Records page_;
  std::vector<std::string> ids_;
  int edits_ = 0;
};

}  // namespace

void measure_page(const MirrorRig& rig, MirrorReport& report) {
  PageBench bench(rig);
  for (const bool are_new : {false, true}) {
    const std::string name = are_new ? "a page of 100 new issues" : "a page of 100 changed issues";
    const auto times = bench.measure(are_new);
    report.note(name + ", with users, labels, links, feed", times.ours_ms, "ms");
    report.note(name + ", one array upsert", times.peer_ms, "ms");
    report.at_most(name + " / one array upsert", times.ratio(), upsert_share_wanted, "×");
  }
}

}  // namespace devy::bench
