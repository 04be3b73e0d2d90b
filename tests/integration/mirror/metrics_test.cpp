// What the daemon's metrics say of the mirror.
#include "core/mirror/metrics.hpp"

#include <gtest/gtest.h>

#include "core/mirror/store/apply.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/time_text.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::mirror {
namespace metrics_test {

bool has_line(const base::MetricsText& text, const std::string& line) {
  return text.text().find("\n" + line + "\n") != std::string::npos;
}

class MirrorMetrics : public ::testing::Test {
 protected:
  MirrorMetrics() : connection_(pg::Connection::open(database_.conninfo(), {}, "test")) {}

  testing::TestDatabase database_;
  pg::Connection connection_;
};

TEST_F(MirrorMetrics, CountsDocumentsByWhatBecameOfTheirRows) {
  static_cast<void>(base::reset_counts());
  records::Records records;
  records::Record label;
  label.relation = records::Relation::label;
  label.id = 5;
  label.github_at = base::parse_rfc3339("2026-01-01T12:00:00Z");
  label.columns = {{"name", "bug"}, {"repository_id", 7}};
  records.add(label);
  const ApplyOptions options{records::Via::api, *label.github_at, label.github_at,
                             records::Relation::label};
  static_cast<void>(apply(connection_, records, options, {}));
  static_cast<void>(apply(connection_, records, options, {}));
  base::MetricsText text;
  make_metrics()->write_counts(text, base::reset_counts());
  EXPECT_TRUE(has_line(
      text, R"(devy_mirror_documents_total{relation="label",via="api",outcome="applied"} 1)"))
      << text.text();
  EXPECT_TRUE(
      has_line(text, R"(devy_mirror_documents_total{relation="label",via="api",outcome="same"} 1)"))
      << text.text();
}

TEST_F(MirrorMetrics, TellsHowLateRowsFollowDeliveries) {
  const auto guid = base::system_random().uuid();
  database_.execute(
      "insert into devy.resource (kind, key, owner) values ('mirror_document', 'issue/1', '')");
  database_.execute(
      "select devy.operation_ingest('" + guid +
      "', (select id from devy.resource), 'mirror_document', 'webhook', null, null, null, '', "
      "false, 110::smallint, 12, null, null, null)");
  database_.execute(
      "insert into devy.mirror_operation (operation_id, target, repository_id, delivery_guid) "
      "values ('" +
      guid + "', 'alice/notes/issues/1', 7, '" + guid + "')");
  database_.execute("update devy.operation set state = 'scheduled', attempt = 1");
  database_.execute(
      "update devy.operation set state = 'completed', finished_at = '2026-01-01T12:00:03Z'");
  database_.execute(
      "insert into devy.delivery (guid, event, action, received_at, verdict, digest) values ('" +
      guid + "', 'issues', 'edited', '2026-01-01T12:00:00Z', 'accepted', '\\x00')");
  database_.execute(
      "insert into devy.api_budget (credential, resource, quota, remaining, reset_at) values "
      "('token', 'core', 5000, 4321, clock_timestamp() + interval '1 hour')");
  const auto metrics = make_metrics();
  metrics->measure(connection_, {"2026-01-01T11:00:00Z", "2026-01-01T13:00:00Z"});
  base::MetricsText text;
  metrics->write(text);
  EXPECT_TRUE(has_line(text, "devy_mirror_lag_seconds_sum 3")) << text.text();
  EXPECT_TRUE(has_line(text, "devy_mirror_lag_seconds_count 1")) << text.text();
  EXPECT_TRUE(has_line(text, R"(devy_github_budget{credential="token"} 4321)")) << text.text();
}

}  // namespace metrics_test
}  // namespace devy::mirror
