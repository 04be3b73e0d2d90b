#pragma once
// Deliveries taken into a real database with the blog alice/notes of repository 42, signed with a
// secret of the scope that a test says. One thread.

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "core/platform/webhook/intake.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/upload_store.hpp"
#include "core/systems.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::publishing {

using testing::guid;
using testing::PayloadRepository;
using testing::push_payload;
using testing::PushPayload;
using testing::repository_payload;

class IntakeTest : public ::testing::Test {
 protected:
  IntakeTest() : connection_(open()) {
    static_cast<void>(add_account(connection_, "alice", true));
    connect("notes", {});
  }

  [[nodiscard]] pg::Connection open() const {
    return pg::Connection::open(database_.conninfo(), config::Database(), "test");
  }
  void connect(const std::string& slug, const std::optional<std::string>& branch,
               std::optional<std::int64_t> github_id = 42) {
    static_cast<void>(connect_blog(
        connection_,
        {"alice", slug, "https://github.com/alice/" + slug + ".git", branch, github_id}));
  }

  webhook::RecordedDelivery take(int number, const std::string& event, const std::string& payload) {
    return record_from(connection_, number, event, payload, scope_, config_);
  }
  static webhook::RecordedDelivery record_from(pg::Connection& connection, int number,
                                               const std::string& event, const std::string& payload,
                                               const webhook::Scope& scope = {},
                                               const config::Config& config = {}) {
    webhook::Incoming incoming;
    incoming.scope = scope;
    incoming.guid = guid(number);
    incoming.event = event;
    incoming.sender = "192.30.252.1";
    incoming.headers = {{"User-Agent", "GitHub-Hookshot/1"}};
    incoming.body = payload;
    incoming.payload = payload;
    return webhook::record_delivery(connection, config, systems::subscribers(),
                                    webhook::read_delivery(incoming));
  }
  webhook::RecordedDelivery push(int number, const PushPayload& push = {}) {
    return take(number, "push", push_payload(push));
  }
  std::string state(const base::UploadId& id) {
    return std::string(queue::to_string(load_upload(connection_, id).state));
  }
  std::string value(const std::string& sql) const {
    return database_.scalar("set search_path = devy; " + sql);
  }
  void execute(const std::string& sql) const {
    database_.execute("set search_path = devy; " + sql);
  }
  long uploads() const { return std::stol(value("select count(*) from upload")); }
  void complete(const base::UploadId& id, const std::string& commit) {
    execute("update operation set state = 'scheduled' where id = '" + id.text() + "'");
    execute("update operation set state = 'completed', finished_at = now(), fetched_revision = '" +
            commit + "' where id = '" + id.text() + "'");
    execute("update resource set completed_operation_id = '" + id.text() +
            "', completed_event_at = (select event_at from operation where id = '" + id.text() +
            "'), completed_revision = '" + commit + "'");
  }

  testing::TestDatabase database_;
  pg::Connection connection_;
  config::Config config_;
  webhook::Scope scope_;  // of the secret that deliveries are signed with
};

}  // namespace devy::publishing
