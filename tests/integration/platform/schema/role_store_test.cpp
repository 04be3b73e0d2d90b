// What each role of roles.sql may and may not do, as PostgreSQL enforces it.
#include "core/platform/schema/role_store.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/postgres/postgres.hpp"
#include "tests/support/postgres/psql.hpp"

namespace devy::schema {
namespace role_store_test {

class Roles : public ::testing::Test {
 protected:
  Roles() {
    auto connection = pg::Connection::open(database_.conninfo(), config::Database{}, "test");
    grant_roles(connection);
    grant_roles(connection);  // again, and nothing is different
  }

  // "a, b": the functions that it may execute, those of triggers aside.
  [[nodiscard]] std::string functions_of(const std::string& role) const {
    return database_.scalar(
        "select coalesce(string_agg(distinct proname, ', ' order by proname), '') from pg_proc "
        "where pronamespace = 'devy'::regnamespace and prorettype <> 'trigger'::regtype "
        "and has_function_privilege('" +
        role + "', oid, 'execute')");
  }
  // The tables and views on whole of which it has one of these rights.
  [[nodiscard]] std::string tables_of(const std::string& role, const std::string& rights) const {
    return database_.scalar(
        "select coalesce(string_agg(relname, ', ' order by relname), '') from pg_class "
        "where relnamespace = 'devy'::regnamespace and relkind in ('r', 'v') "
        "and has_table_privilege('" +
        role + "', oid, '" + rights + "')");
  }

  [[nodiscard]] bool may(const std::string& role, const std::string& sql) const {
    try {
      static_cast<void>(devy::testing::psql(
          database_.conninfo(), "begin; set local search_path = devy; set local role " + role +
                                    "; " + sql + "; rollback"));
      return true;
    } catch (const std::runtime_error& error) {
      const std::string text = error.what();
      if (text.find("permission denied") == text.npos && text.find("is not for") == text.npos)
        throw;
      return false;
    }
  }

  devy::testing::TestDatabase database_;
};

TEST_F(Roles, KeepsTheListenerAwayFromPosts) {
  EXPECT_TRUE(may("devy_listener", "select * from blog"));
  EXPECT_TRUE(may("devy_listener", "select exists (select from token_denied where jti = 'x')"));
  EXPECT_TRUE(may("devy_listener", "select count(*) from post where blog_id is not null"));
  for (const char* sql : {"select html from post",
                          "select * from visible_post",
                          "select * from asset",
                          "insert into token_denied (jti, denied_by) values ('x', 'eve')",
                          "delete from token_denied",
                          "select denied_by from token_denied",
                          "insert into blog_asset (path) values ('x')",
                          "delete from post",
                          "update blog set name = ''",
                          "update repository set url = ''",
                          "update repository set github_id = 1",
                          "update operation set state = 'completed'",
                          "delete from delivery",
                          "select body from delivery",
                          "select * from delivery",
                          "insert into upload (operation_id) values (gen_random_uuid())",
                          "select resource_switch(1, false)",
                          "select operations_end_unknown('{}', '0 s', 0, 1)",
                          "insert into operation_event (seq) values (1)",
                          "select operation_rescue()",
                          "select operation_cancel(gen_random_uuid(), true, '')",
                          "update lease set worker = ''",
                          "insert into account (username) values ('eve')",
                          "create table devy.mine (x integer)"})
    EXPECT_FALSE(may("devy_listener", sql)) << sql;
}

// What the listener may call is a list in the schema's rights; whatever is added to it is seen
// here.
TEST_F(Roles, ListsEveryFunctionThatTheListenerMayCall) {
  EXPECT_EQ(functions_of("devy_listener"),
            "delivery_bodies_charge, delivery_record, installation_event, "
            "mirror_deliveries_record, mirror_installation_change, mirror_is_installed, "
            "mirror_known, repository_claim, repository_freeze, repository_hook_lost, "
            "repository_told, sync_inbound_record, sync_known, sync_name_changed, "
            "upload_pushes_consider, upload_pushes_record, upload_request, user_token_revoke");
}

TEST_F(Roles, ListsEveryTableThatAProcessMayReadOrWrite) {
  EXPECT_EQ(
      tables_of("devy_listener", "select"),
      "account, blog, operation, repository, resource, schema_version, upload, upload_status");
  EXPECT_EQ(tables_of("devy_listener", "insert, update, delete, truncate"), "");
  EXPECT_EQ(tables_of("devy_metrics", "insert, update, delete, truncate"), "daemon");
  EXPECT_EQ(tables_of("devy_metrics", "select"),
            "api_budget, commit_status, daemon, file_s3_pause, "
            "file_storage, lease, operation, operation_count, "
            "owner_gate, prune_pass, queue_control, resource, schema_version, upload");
  EXPECT_EQ(tables_of("devy_worker", "truncate"), "");
  EXPECT_EQ(tables_of("devy_operator", "truncate"), "");
}

TEST_F(Roles, LetsTheListenerRecordOnlyWhatSomebodyOutsideAskedFor) {
  const auto request = [&](const std::string& source) {
    return "select upload_request(gen_random_uuid(), null, '" + source +
           "', null, null, null, null, null, null, 1, 0::smallint, 1, null, null, null)";
  };
  EXPECT_FALSE(may("devy_listener", request("operator")));
  try {
    static_cast<void>(may("devy_listener", request("api")));
    FAIL() << "there is no such blog";
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string(error.what()).find("unknown blog"), std::string::npos) << error.what();
  }
}

TEST_F(Roles, KeepsWorkersAwayFromAccountsAndTheSchema) {
  EXPECT_TRUE(may("devy_worker", "delete from post"));
  EXPECT_TRUE(may("devy_worker", "select operation_rescue()"));
  for (const char* sql :
       {"insert into account (username) values ('eve')", "delete from token_denied",
        "delete from schema_version", "create table devy.mine (x integer)"})
    EXPECT_FALSE(may("devy_worker", sql)) << sql;
}

TEST_F(Roles, LetsMetricsReadOnlyTheQueue) {
  EXPECT_TRUE(may("devy_metrics", "select * from operation"));
  for (const char* sql : {"select * from post", "select * from delivery", "select * from account",
                          "update operation set state = 'completed'", "select operation_rescue()"})
    EXPECT_FALSE(may("devy_metrics", sql)) << sql;
}

// Whatever a page is given is seen here.
TEST_F(Roles, ListsWhatTheRoleWebMayDo) {
  EXPECT_EQ(functions_of("devy_web"),
            "account_of_github, audit_record, blog_connect, blog_disconnect, blog_hook_record, "
            "bulk_match, bulk_record, bulk_run, comment_add, comment_delete, comment_edit, "
            "connection_approve, connection_connect, connection_disconnect, connection_sync, "
            "connection_verify, console_operations, delivery_bodies_charge, delivery_forget, "
            "delivery_received, delivery_record, file_begin, file_change, file_complete, "
            "file_content_hold, file_content_stored, file_delete, file_owner_charge, "
            "file_owner_find, file_persist, file_quota, file_restore, file_same, "
            "file_store_record, file_token_join, file_token_make, file_token_renew, "
            "file_upload_acquire, file_upload_begin, file_upload_end, file_upload_find, "
            "file_upload_finish, file_upload_record, file_upload_restart, file_upload_settle, "
            "file_uploads_open, gist_crm_retry, gist_crm_wake, gist_news, gist_user_add, "
            "gist_user_remove, gist_visit, installation_event, is_post_visible, "
            "lane_priorities, login_attempt_begin, login_attempt_use, login_link_use, "
            "mirror_deliveries_record, mirror_hook_states, mirror_installation_change, "
            "mirror_is_installed, mirror_known, mirror_record, mirror_row_counts, "
            "operation_approve, operation_cancel, operation_replay, operations_open, "
            "owner_gate_lift, owner_gate_set, person_named, post_newness, post_order, "
            "project_add, project_delete, project_edit, project_is_visible, "
            "project_member_remove, project_member_set, project_role_of, queue_health, "
            "queue_pause, queue_pause_kind, queue_resume, queue_resume_kind, readable_blog, "
            "record_restore, repository_claim, repository_freeze, repository_hook_lost, "
            "repository_told, routine_ask, session_token_keep, session_token_read, sync_ask, "
            "sync_comment_fields, sync_inbound_record, sync_known, sync_name_changed, "
            "sync_said, sync_task_fields, task_add, task_delete, task_edit, "
            "upload_pushes_consider, upload_pushes_record, upload_request, user_token_erase, "
            "user_token_keep, user_token_revoke, web_session_begin, web_session_end_own, "
            "web_session_visit, web_sessions_end");
  EXPECT_EQ(tables_of("devy_web", "select"),
            "account, api_budget, api_pause, asset, attempt, audit, blog, blog_asset, "
            "blog_hook, budget_minute, bulk, bulk_item, changeset, comment, "
            "comment_sync_operation, content, crm_item, daemon, delivery, file, file_error, "
            "file_owner, file_reference, file_seen, file_storage, gist, gist_file, "
            "gist_session, gist_version, gist_visitor, installation, kind_pause, lease, "
            "mirror_scan, operation, operation_count, operation_event, operation_minute, "
            "owner_gate, post, project, project_member, project_repository, queue_control, "
            "record_sync, record_version, redirect, repository, resource, routine, "
            "routine_gist_user, schema_version, sync_link, sync_operation, task, task_assignee, "
            "task_sync_operation, tracked_user, upload, upload_status");
  EXPECT_EQ(
      database_.scalar("select string_agg(relname, ', ' order by relname) from pg_class where "
                       "relnamespace = 'github'::regnamespace and relkind in ('r', 'v') and "
                       "has_table_privilege('devy_web', oid, 'select')"),
      "change, repository, user_repository");
  EXPECT_EQ(tables_of("devy_web", "insert, update, delete, truncate"), "");
  EXPECT_EQ(database_.scalar("select count(*) from pg_auth_members where member = "
                             "'devy_web'::regrole or roleid = 'devy_web'::regrole"),
            "0");
}

TEST_F(Roles, KeepsTheRoleWebAwayFromTokensAndRights) {
  EXPECT_TRUE(may("devy_web", "select id, agent from web_session"));
  for (const char* sql : {"select token_hash from web_session",
                          "select former_hash from web_session",
                          "select * from login_attempt",
                          "select * from login_link",
                          "select * from session_token",
                          "select login_link_make('', gen_random_uuid(), '')",
                          "select account_operator_set(gen_random_uuid(), true)",
                          "select web_session_end(gen_random_uuid())",
                          "update account set is_operator = true",
                          "update account set github_id = 1",
                          "insert into audit (actor, act) values ('eve', 'a')",
                          "delete from audit",
                          "update post set html = ''",
                          "select * from github.issue",
                          "update github.repository set private = false",
                          "select denied_by from token_denied",
                          "select list from mirror_operation",
                          "select actor_token from mirror_operation",
                          "select * from file_token",
                          "select token from user_token",
                          "update task set title = ''",
                          "update sync_link set owed = 0",
                          "select key_digest from file_upload",
                          "update file set owner_id = gen_random_uuid()",
                          "insert into content (sha256) values ('')",
                          "select file_owner_merge(null, null)",
                          "create table devy.mine (x integer)"})
    EXPECT_FALSE(may("devy_web", sql)) << sql;
}

TEST_F(Roles, LetsNobodyChangeTheAudit) {
  for (const char* role : {"devy_worker", "devy_operator"})
    EXPECT_FALSE(may(role, "update audit set actor = 'eve'")) << role;
}

TEST_F(Roles, LetsAnOperatorManageTheQueueButNotTheSchema) {
  EXPECT_TRUE(may("devy_operator", "insert into account (username) values ('alice')"));
  EXPECT_TRUE(may("devy_operator", "update queue_control set paused_until = 'infinity'"));
  EXPECT_FALSE(may("devy_operator", "delete from schema_version"));
}

}  // namespace role_store_test
}  // namespace devy::schema
