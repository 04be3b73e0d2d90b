// People's acts on blogs: each with its row in the audit or not at all, and none that a lock of a
// publish could stop for good.

#include "core/publishing/connecting/acts.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "core/publishing/store/account_store.hpp"
#include "tests/support/look_again.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::connecting {
namespace acts_test {

using base::Error;

class ActsOnBlogs : public ::testing::Test {
 protected:
  ActsOnBlogs() : connection_(open()) {
    database_.execute("insert into devy.account (username) values ('alice'), ('bob')");
  }

  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), config::Database(), "test");
  }
  [[nodiscard]] std::string value(const std::string& sql) const {
    return database_.scalar("set search_path = devy; " + sql);
  }
  // "act target" of each row of the audit.
  [[nodiscard]] std::string audited() const {
    return value(
        "select coalesce(string_agg(act || ' ' || target, ', ' order by id), '') from audit");
  }
  publishing::Blog connect_notes() {
    return connect(connection_, {.request = notes(), .has_first_upload = true},
                   {.name = "web:alice"});
  }
  static publishing::ConnectRequest notes(const std::string& username = "alice") {
    return {username, "notes", "https://github.com/alice/notes.git", std::nullopt, 7};
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
};

TEST_F(ActsOnBlogs, RecordsTheFirstUploadAndTheAudit) {
  const auto blog = connect_notes();
  EXPECT_EQ(blog.github_id, 7);
  EXPECT_EQ(audited(), "blog.connect alice/notes");
  EXPECT_EQ(value("select state || ' ' || requested_by from operation"), "verified web:alice");
  disconnect(connection_, blog, {.name = "web:alice", .reason = "moved"});
  EXPECT_EQ(value("select state from operation"), "disabled");
  EXPECT_EQ(audited(), "blog.connect alice/notes, blog.disconnect alice/notes");
}

TEST_F(ActsOnBlogs, NeedsARowInTheAudit) {
  const auto blog = connect_notes();
  database_.execute("alter function devy.audit_record rename to audit_record_away");
  EXPECT_THROW(disconnect(connection_, blog, {.name = "x"}), Error);
  EXPECT_EQ(value("select is_connected from blog"), "t");
  EXPECT_THROW(trigger(connection_, blog, {}, {.name = "x"}), Error);
  EXPECT_EQ(value("select count(*) from operation"), "1");
  auto other = notes("bob");
  other.repository_url = "https://github.com/bob/notes.git";
  other.github_id = 8;
  EXPECT_THROW(connect(connection_, {.request = other}, {.name = "x"}), Error);
  EXPECT_EQ(value("select count(*) from blog"), "1");
}

TEST_F(ActsOnBlogs, LeavesNoTraceOfWhatIsRefused) {
  static_cast<void>(connect_notes());
  const auto code_of = [&](const publishing::ConnectRequest& request) -> std::string {
    try {
      connect(connection_, {.request = request, .has_first_upload = true}, {.name = "x"});
    } catch (const Error& error) {
      return error.code();
    }
    return "";
  };
  EXPECT_EQ(code_of(notes("bob")), "repository_connected");
  auto second = notes();
  second.slug = "second";
  second.repository_url = "https://github.com/alice/second.git";
  second.github_id = 9;
  EXPECT_EQ(code_of(second), "blog_limit");
  database_.execute("update devy.account set is_supporter = true");
  second.slug = "notes";
  EXPECT_EQ(code_of(second), "blog_exists");
  second.slug = "No slug";
  EXPECT_EQ(code_of(second), "slug_unsuitable");
  EXPECT_EQ(audited(), "blog.connect alice/notes");
  EXPECT_EQ(value("select count(*) || ' ' || (select count(*) from operation) from repository"),
            "1 1");
}

// A publish holds its blog and then wants the resource; somebody who connects the repository
// elsewhere is refused at once, and does not wait for the publish with the resource in his hand.
TEST_F(ActsOnBlogs, WaitsForNoPublishThatWaitsForIt) {
  const auto blog = connect_notes();
  auto publishing_session = open();
  pg::Transaction publish(publishing_session);
  static constexpr pg::Statement lock_blog{"lock_blog", "update devy.blog set head_at = now()"};
  static constexpr pg::Statement lock_resource{"lock_resource",
                                               "update devy.resource set owner = owner"};
  publishing_session.execute(lock_blog, pg::Params());
  EXPECT_THROW(connect(connection_, {.request = notes("bob")}, {.name = "x"}), Error);
  // Whoever disconnects waits for the publish, which goes on to its end.
  std::thread waiting([&] {
    auto session = open();
    disconnect(session, blog, {.name = "web:alice"});
  });
  while (value("select count(*) from pg_locks where not granted") == "0")
    testing::pause_before_looking_again();
  publishing_session.execute(lock_resource, pg::Params());
  publish.commit();
  waiting.join();
  EXPECT_EQ(value("select is_connected from blog"), "f");
}

}  // namespace acts_test
}  // namespace devy::connecting
