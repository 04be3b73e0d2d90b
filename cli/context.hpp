#pragma once
// The environment of a command: settings, database, streams, time, who runs it, and whether a stop
// was requested. Created once per run; everything is loaded on first use, so `--help` or `check`
// need neither a configuration nor a database. One thread, except for the stop token.

#include <chrono>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>

#include "cli/terminal/document_shape.hpp"
#include "cli/terminal/terminal.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/config/load.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/pg/conninfo.hpp"

namespace devy::cli {

struct GlobalOptions {
  std::optional<std::string> config_file, database;
  bool is_json = false, is_quiet = false, is_yes = false, is_dry_run = false;
  int verbosity = 0;
  ColorChoice color = ColorChoice::automatic;
  // How the output is shaped (document_shape.hpp); is_json is set where that needs a document.
  bool is_wide = false, has_no_pager = false;
  DocumentShape shape = {};
};

// Ends a command with an exit status that no ErrorKind has (exit_codes.hpp), such as "needs --yes".
class CommandError : public base::Error {
 public:
  CommandError(int status, base::ErrorKind kind, std::string text, std::string hint = {})
      : Error(kind, std::move(text), std::move(hint)), status_(status) {}
  [[nodiscard]] int status() const { return status_; }

 private:
  int status_;
};

enum class SchemaCheck { required, none };

// Longer than a restart, and than a failover that somebody has prepared.
inline constexpr std::chrono::seconds database_patience{120};

class Context {
 public:
  Context(GlobalOptions options, Terminal terminal, Environment environment,
          const base::Clock& clock, std::stop_token stop);

  [[nodiscard]] const GlobalOptions& options() const { return options_; }
  [[nodiscard]] bool is_json() const { return options_.is_json; }
  [[nodiscard]] bool is_dry_run() const { return options_.is_dry_run; }

  // Reads no settings that lie in that folder; before they are first asked for.
  void distrust(const std::string& folder) { distrusted_ = config::DistrustedFolder{folder}; }
  // Throws Error(config) when anything is wrong with the settings; all problems are printed before.
  const config::Config& config();
  // Returns the settings without validating them: for `config check` and `doctor`.
  const config::Loaded& loaded();
  // The same, but what cannot be read at all is one of the problems. Before loaded() is called.
  const config::Loaded& loaded_to_examine();
  // Throws Error(unavailable, "database_unavailable") when no database is configured or running.
  [[nodiscard]] std::string conninfo();
  // The same, with what names it, whatever else is wrong with the settings.
  [[nodiscard]] pg::Conninfo resolved_conninfo();
  // Opens a connection that the caller owns.
  [[nodiscard]] pg::Connection open(SchemaCheck check = SchemaCheck::required);
  // Returns this command's connection; the first call opens it and checks the schema.
  pg::Connection& database();

  [[nodiscard]] Terminal& terminal() { return terminal_; }
  [[nodiscard]] std::ostream& out() { return terminal_.out; }
  [[nodiscard]] std::ostream& err() { return terminal_.err; }
  // Calls `read` and returns what it returns. When the database goes away meanwhile, as in a
  // restart, it is waited for, up to database_patience, and `read` is called again: for what only
  // reads, or may be done twice.
  template <class Read>
  auto patiently(const Read& read) {
    const auto begun_at = clock().monotonic_now();
    while (true) {
      try {
        return read();
      } catch (const base::Error& error) {
        await_database(error, begun_at);
      }
    }
  }
  // Prints a message about what was done; silent with --quiet.
  void say(const std::string& line);
  // Prints what a dry run would have done: "would record an upload of …" on stdout, since that is
  // what was asked for; one document with --json.
  void would(const std::string& act);
  [[nodiscard]] const Environment& environment() const { return environment_; }

  [[nodiscard]] const base::Clock& clock() const { return clock_; }
  [[nodiscard]] base::TimePoint now() const { return clock_.now(); }
  // Formats a time for people: relative on a terminal, RFC 3339 elsewhere; "-" for none.
  [[nodiscard]] std::string time_text(const std::optional<base::TimePoint>& time) const;

  [[nodiscard]] std::stop_token stop() const { return stop_; }
  // Throws Error(stopped) once a stop was requested.
  void check_stop() const;
  // Waits, or throws Error(stopped).
  void sleep(std::chrono::milliseconds duration) const;

  // Returns "alice@host", "root (sudo from alice)@host": the value of requested_by.
  [[nodiscard]] std::string who() const;

 private:
  // Returns once this command's connection is open again. Throws `error` when it is about something
  // else, or when the patience is at its end, and Error(stopped).
  void await_database(const base::Error& error, base::MonotonicTime begun_at);

  GlobalOptions options_;
  Terminal terminal_;
  Environment environment_;
  const base::Clock& clock_;
  std::stop_token stop_;
  std::optional<config::DistrustedFolder> distrusted_;
  std::optional<config::Loaded> loaded_;
  bool is_checked_ = false;
  std::optional<pg::Connection> database_;
};

// Prints "error: …" and "hint: …", with terminal escapes neutralised; with --json one line
// {"error": {"code", "kind", "message", "hint"}}.
void print_error(Terminal& terminal, const base::Error& error);

}  // namespace devy::cli
