#include "tests/support/postgres/sql_sessions.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <stdexcept>

namespace devy::testing {
namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

// Whether the session was over, as it is after the server went: the statement has not run. An error
// without a code is libpq's own.
bool is_bad(const pg_conn* session, const PGresult* result) {
  if (result == nullptr || PQstatus(session) != CONNECTION_OK) return true;
  if (PQresultStatus(result) != PGRES_FATAL_ERROR) return false;
  const char* const code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return code == nullptr || severity == nullptr || std::string_view(severity) == "FATAL";
}

// Rows as psql -At prints them.
std::string print(const PGresult* result) {
  std::string printed;
  for (int row = 0; row < PQntuples(result); ++row) {
    for (int column = 0; column < PQnfields(result); ++column) {
      if (column > 0) printed += '|';
      printed.append(PQgetvalue(result, row, column),
                     static_cast<std::size_t>(PQgetlength(result, row, column)));
    }
    printed += '\n';
  }
  return printed;
}

// Tests write this before statements that name no schema.
constexpr std::string_view search_path = "set search_path = devy;";
constexpr std::string_view blanks = " \t\n";

// The statements after `search_path`, or nothing where it does not come first.
std::string_view after_search_path(std::string_view sql) {
  const auto begin = std::min(sql.find_first_not_of(blanks), sql.size());
  sql.remove_prefix(begin);
  return sql.starts_with(search_path) ? sql.substr(search_path.size()) : std::string_view();
}

bool has_none(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::none_of(words,
                              [&](auto word) { return text.find(word) != std::string_view::npos; });
}

// Whether `sql` is one statement that leaves nothing in its session.
bool is_single(std::string_view sql) {
  const auto end = sql.find(';');
  if (end != std::string_view::npos && sql.find_first_not_of(blanks, end + 1) != sql.npos)
    return false;
  const auto text = lower(sql.substr(std::min(sql.find_first_not_of(blanks), sql.size())));
  constexpr std::array first_words{"\\",      "set ",    "reset ",    "begin",    "start ", "copy ",
                                   "listen ", "notify ", "unlisten ", "prepare ", "--"};
  constexpr std::array<std::string_view, 6> words{
      "set_config", "advisory", "temporary", "temp ", "pg_terminate_backend", "\n\\"};
  return std::ranges::none_of(first_words,
                              [&](const auto* word) { return text.starts_with(word); }) &&
         has_none(text, words);
}

// PostgreSQL runs several statements that come at once as one transaction.
bool is_for_a_transaction(std::string_view sql) {
  constexpr std::array<std::string_view, 4> words{"vacuum", "alter system", " database ",
                                                  "concurrently"};
  return has_none(lower(sql), words);
}

}  // namespace

void SqlSessions::Close::operator()(pg_conn* session) const {
  PQfinish(session);
}

bool SqlSessions::can_run(std::string_view sql) {
  const auto own_path = after_search_path(sql);
  if (!own_path.empty()) return is_single(own_path) && is_for_a_transaction(own_path);
  return is_single(sql);
}

SqlSessions::Session SqlSessions::open(const std::string& conninfo) {
  Session session(PQconnectdb((conninfo + " application_name=psql").c_str()));
  if (PQstatus(session.get()) != CONNECTION_OK)
    throw std::runtime_error(std::string("psql: error: ") + PQerrorMessage(session.get()));
  PQsetNoticeProcessor(
      session.get(), [](void*, const char*) {}, nullptr);
  return session;
}

SqlSessions::Session SqlSessions::idle_session() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto session = std::move(idle_.back());
  idle_.pop_back();
  return session;
}

void SqlSessions::close_idle() {
  const std::lock_guard lock(mutex_);
  idle_.clear();
}

std::string SqlSessions::run(const std::string& conninfo, const std::string& statement) {
  const auto own_path = after_search_path(statement);
  const std::string sql =
      own_path.empty() ? statement
                       : "set local " + std::string(search_path.substr(4)) + std::string(own_path);
  auto session = idle_session();
  Result result(nullptr, &PQclear);
  if (session) result.reset(PQexec(session.get(), sql.c_str()));
  if (!session || is_bad(session.get(), result.get())) {
    session = open(conninfo);
    result.reset(PQexec(session.get(), sql.c_str()));
  }
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
    throw std::runtime_error(std::string("psql: ") + PQerrorMessage(session.get()));
  auto printed = print(result.get());
  const auto text = lower(sql);
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(session));
  // New sessions alone have settings of a database or a role.
  if (text.find("alter ") != text.npos) idle_.clear();
  return printed;
}

}  // namespace devy::testing
