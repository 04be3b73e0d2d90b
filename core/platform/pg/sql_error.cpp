#include "core/platform/pg/sql_error.hpp"

#include <libpq-fe.h>

#include "core/platform/base/secret.hpp"

namespace devy::pg {
namespace {

using base::Error;
using base::ErrorKind;

struct Meaning {
  std::string_view prefix;  // of the SQLSTATE
  ErrorKind kind;
  const char* code;  // empty: the SQLSTATE itself
  const char* hint;
};

// First match wins. DV… are schema.sql's own.
constexpr Meaning meanings[] = {
    {"DV001", ErrorKind::conflict, "lease_lost", "Another worker took over; nothing was changed."},
    {"DV004", ErrorKind::stopped, "cancel_requested", ""},
    {"DV003", ErrorKind::not_found, "", ""},
    {"DV005", ErrorKind::config, "schema_newer", "Upgrade devy-upload on this machine."},
    {"DV007", ErrorKind::config, "schema_differs",
     "Make a new database; what it holds can be connected and published again."},
    {"DV010", ErrorKind::conflict, "cursor_foreign",
     "The database was restored, or its server replaced: read the tables anew, then begin without "
     "a "
     "cursor."},
    {"DV011", ErrorKind::conflict, "cursor_pruned",
     "Read the tables anew, then begin without a cursor; mirror.change_keep keeps changes longer."},
    {"DV013", ErrorKind::denied, "audit_append_only",
     "Rows are deleted by `devy-upload prune` once they are 400 days old."},
    {"DV012", ErrorKind::usage, "cursor_invalid",
     "Give a cursor as it came with a change, or none."},
    {"DV", ErrorKind::conflict, "", ""},
    {"08", ErrorKind::unavailable, "database_unavailable", "Check that PostgreSQL is reachable."},
    {"57P", ErrorKind::unavailable, "database_unavailable",
     "PostgreSQL is shutting down or restarting; try again."},
    {"53100", ErrorKind::unavailable, "database_full", "Free disk space on the PostgreSQL server."},
    {"53", ErrorKind::unavailable, "database_overloaded",
     "PostgreSQL is out of connections or memory; try again later."},
    {"25006", ErrorKind::unavailable, "database_read_only",
     "This is a standby; name the primary, or several hosts, in the connection string."},
    {"40", ErrorKind::busy, "database_busy", "Try again."},
    {"55P03", ErrorKind::busy, "database_locked", "Something holds a lock; try again."},
    {"57014", ErrorKind::busy, "database_timeout", "The statement took too long; try again."},
    {"25P03", ErrorKind::unavailable, "database_unavailable",
     "The session idled too long in a transaction."},
    {"42501", ErrorKind::denied, "database_denied",
     "Run `devy-upload db roles` as the owner of the schema: it grants each role what it needs."},
    {"28", ErrorKind::denied, "database_denied",
     "Check the user and password of the connection string."},
    {"3F000", ErrorKind::config, "schema_missing", "Run `devy-upload db init`."},
    {"42P01", ErrorKind::config, "schema_missing",
     "Run `devy-upload doctor`, which names what the schema lacks; `devy-upload db migrate` brings "
     "functions back."},
    {"42883", ErrorKind::config, "schema_missing",
     "Run `devy-upload doctor`, which names what the schema lacks; `devy-upload db migrate` brings "
     "functions back."},
    {"23", ErrorKind::conflict, "", ""},
};

}  // namespace

std::string first_line(std::string_view text) {
  const auto end = text.find('\n');
  return std::string(text.substr(0, end));
}

Error sql_error(const char* statement, const pg_result* result) {
  const char* raw_state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  const std::string state = raw_state == nullptr ? "" : raw_state;
  const std::string text =
      std::string("unable to run '") + statement +
      "': " + (message == nullptr ? first_line(PQresultErrorMessage(result)) : message);
  for (const auto& meaning : meanings)
    if (state.starts_with(meaning.prefix))
      return {meaning.kind, base::redact(text), meaning.hint,
              *meaning.code == 0 ? state : meaning.code};
  return {ErrorKind::internal, base::redact(text) + " (" + state + ")", "", "database_error"};
}

Error connect_error(const std::string& message) {
  const auto has = [&](std::string_view part) { return message.find(part) != std::string::npos; };
  std::string cause = first_line(message);
  if (has("password authentication failed") || has("no pg_hba.conf entry") ||
      has("Peer authentication failed") || has("no password supplied") || has("permission denied"))
    return {ErrorKind::denied, "unable to log in to PostgreSQL: " + cause,
            "Check the user, the password and pg_hba.conf.", "database_denied"};
  if (has("too many clients") || has("too many connections") || has("remaining connection slots"))
    return {ErrorKind::unavailable, "unable to log in to PostgreSQL: " + cause,
            "All of its connections are taken: raise max_connections, lower workers.max and "
            "reconcile.concurrency, or put a pooling proxy in between.",
            "database_overloaded"};
  if (has("does not exist") && (has("database \"") || has("role \"")))
    return {ErrorKind::config, "unable to open the database: " + cause,
            "Create it, or correct the connection string (--db, DEVY_DB).", "database_missing"};
  if (has("session is read-only") || has("hot standby"))
    return {ErrorKind::unavailable, "unable to find a server that takes writes: " + cause,
            "This is a standby; name the primary too: host=a,b in the connection string finds the "
            "one that takes writes.",
            "database_standby"};
  if (has("invalid connection option") || has("missing \"=\"") || has("definition of service"))
    return {ErrorKind::config, "unable to read the connection string: " + cause,
            "See `man devy-upload`, section DATABASE.", "database_conninfo"};
  return {ErrorKind::unavailable, "unable to reach PostgreSQL: " + cause,
          "Start it (`devy-upload db start` runs a private one), or run `devy-upload doctor`.",
          "database_unavailable"};
}

}  // namespace devy::pg
