#pragma once
// A session with a database of its own, and a table to write to.

#include <gtest/gtest.h>

#include <functional>

#include "core/platform/base/error.hpp"
#include "core/platform/pg/connection.hpp"
#include "tests/support/postgres/postgres.hpp"

namespace devy::pg {

inline constexpr Statement make_table{"make_table",
                                      "create table devy.note (id integer primary key, text text)"};
inline constexpr Statement insert_note{
    "insert_note", "insert into note (id, text) values ($1::integer, $2::text)"};
inline constexpr Statement count_notes{"count_notes", "select count(*) as count from note"};

class Session : public ::testing::Test {
 protected:
  Session() : connection_(open()) { connection_.execute(make_table); }

  Connection open() { return Connection::open(database_.conninfo(), settings_, "test"); }
  std::int64_t notes() { return connection_.one(count_notes)[0].integer("count"); }

  static base::Error error_of(const std::function<void()>& act) {
    try {
      act();
    } catch (const base::Error& error) {
      return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {base::ErrorKind::internal, ""};
  }
  base::Error error_of_sql(const char* sql) {
    return error_of([&] { connection_.execute(Statement{"tried", sql}); });
  }

  testing::TestDatabase database_;
  config::Database settings_;
  Connection connection_;
};

}  // namespace devy::pg
