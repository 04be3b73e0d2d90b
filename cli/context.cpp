#include "cli/context.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "core/platform/base/pause.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/cluster/private_cluster.hpp"
#include "core/platform/json/json.hpp"
#include "core/platform/pg/conninfo.hpp"
#include "core/platform/schema/schema_store.hpp"

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

// Long enough for a list of candidates, short enough for a screen.
constexpr std::size_t error_bytes_max = 4'096;

std::string user_name() {
  constexpr std::size_t passwd_bytes_max = 16'384;  // what sysconf() suggests on glibc, and more
  std::array<char, passwd_bytes_max> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found)
    return entry.pw_name;
  return "uid " + std::to_string(::geteuid());
}

std::string host_name() {
  std::array<char, 256> buffer{};
  if (::gethostname(buffer.data(), buffer.size() - 1) != 0) return "localhost";
  return buffer.data();
}

}  // namespace

Context::Context(GlobalOptions options, Terminal terminal, Environment environment,
                 const base::Clock& clock, std::stop_token stop)
    : options_(std::move(options)),
      terminal_(std::move(terminal)),
      environment_(std::move(environment)),
      clock_(clock),
      stop_(std::move(stop)) {}

const config::Loaded& Context::loaded() {
  if (!loaded_) {
    const auto& flag = options_.config_file;
    loaded_ = config::load(flag ? flag : environment_("DEVY_CONFIG"), distrusted_);
  }
  return *loaded_;
}

const config::Loaded& Context::loaded_to_examine() {
  const auto& flag = options_.config_file;
  loaded_ = config::load_to_examine(flag ? flag : environment_("DEVY_CONFIG"));
  return *loaded_;
}

const config::Config& Context::config() {
  const auto& problems = loaded().problems;
  if (is_checked_) return loaded_->config;
  const auto errors = std::count_if(problems.begin(), problems.end(),
                                    [](const auto& problem) { return !problem.is_warning; });
  for (const auto& problem : problems) {
    if (problem.is_warning && options_.is_quiet) continue;
    if (terminal_.is_err_json && !problem.is_warning) {
      print_error(terminal_, Error(ErrorKind::config, problem.where + ": " + problem.message));
      continue;
    }
    const auto word = problem.is_warning
                          ? paint("warning:", Color::yellow, terminal_.is_err_colored)
                          : paint("error:", Color::red, terminal_.is_err_colored);
    err() << word << ' ' << base::safe_text(problem.where) << ": "
          << base::safe_text(problem.message) << '\n';
  }
  if (errors > 0)
    throw Error(ErrorKind::config,
                "unable to use the configuration: " + std::to_string(errors) +
                    (errors == 1 ? " problem" : " problems"),
                "Mend what is listed above; `devy-upload config check` looks again.");
  is_checked_ = true;
  return loaded_->config;
}

std::string Context::conninfo() {
  config();
  return resolved_conninfo().text;
}

pg::Conninfo Context::resolved_conninfo() {
  const auto find_cluster = [] {
    return cluster::find_running_cluster(cluster::default_cluster_paths());
  };
  return pg::resolve_conninfo(options_.database, environment_, loaded(), find_cluster);
}

pg::Connection Context::open(SchemaCheck check) {
  const auto& settings = config().database;
  const auto named = resolved_conninfo();
  auto connection = [&] {
    try {
      return pg::Connection::open(named.text, settings, "cli");
    } catch (const Error& error) {
      // A variable that somebody forgot decides as quietly as a file.
      throw Error(error.kind(), error.text(),
                  error.hint() + (error.hint().empty() ? "" : " ") + "The server is named by " +
                      named.origin + ".",
                  error.code());
    }
  }();
  if (check == SchemaCheck::required) schema::require_schema(connection);
  return connection;
}

pg::Connection& Context::database() {
  if (!database_) database_ = open();
  return *database_;
}

void Context::await_database(const Error& error, base::MonotonicTime begun_at) {
  constexpr std::chrono::milliseconds look_again{500};
  if (error.kind() != ErrorKind::unavailable || !error.code().starts_with("database_")) throw error;
  if (terminal_.is_err_tty && !options_.is_quiet) err() << "\r\x1b[K";  // of a live line
  say("waiting for the database: " + base::safe_text(error.text(), error_bytes_max));
  while (true) {
    sleep(look_again);
    try {
      auto opened = open();
      // References that commands hold stay good.
      if (database_) *database_ = std::move(opened);
      else database_ = std::move(opened);
      return;
    } catch (const Error& again) {
      if (again.kind() != ErrorKind::unavailable) throw;
      if (clock_.monotonic_now() - begun_at > database_patience) throw;
    }
  }
}

void Context::say(const std::string& line) {
  if (!options_.is_quiet) err() << line << std::endl;
}

void Context::would(const std::string& act) {
  if (is_json())
    json::print_json(out(), json::Json::object({{"is_dry_run", true}, {"would", act}}));
  else out() << "would " << base::safe_text(act, error_bytes_max) << '\n';
}

std::string Context::time_text(const std::optional<base::TimePoint>& time) const {
  if (!time) return "-";
  return terminal_.is_out_tty ? base::format_relative(*time, now()) : base::format_rfc3339(*time);
}

void Context::check_stop() const {
  if (stop_.stop_requested()) throw Error(ErrorKind::stopped, "interrupted");
}

void Context::sleep(std::chrono::milliseconds duration) const {
  base::pause_for(stop_, duration);
  check_stop();
}

std::string Context::who() const {
  auto who = user_name();
  if (const auto sudo_user = environment_("SUDO_USER")) who += " (sudo from " + *sudo_user + ")";
  return who + "@" + host_name();
}

void print_error(Terminal& terminal, const base::Error& error) {
  if (terminal.is_err_json) {
    using json::Json;
    const auto hint = error.hint().empty() ? Json() : Json(base::redact(error.hint()));
    terminal.err << Json::object({{"error", Json::object({{"code", error.code()},
                                                          {"kind", base::to_string(error.kind())},
                                                          {"message", base::redact(error.text())},
                                                          {"hint", hint}})}})
                        .compact()
                 << std::endl;
    return;
  }
  const auto line = [&](const char* word, Color color, const std::string& text) {
    terminal.err << paint(word, color, terminal.is_err_colored) << ' '
                 << base::safe_text(base::redact(text), error_bytes_max) << '\n';
  };
  line("error:", Color::red, error.text());
  if (!error.hint().empty()) line("hint:", Color::blue, error.hint());
  terminal.err.flush();
}

}  // namespace devy::cli
