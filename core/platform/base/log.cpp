#include "core/platform/base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <vector>

#include "core/platform/base/journal.hpp"
#include "core/platform/base/log_journal.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"

namespace devy::base::log {
namespace {

std::atomic<Format> line_format{Format::logfmt};

spdlog::logger& logger() {
  static const auto instance = [] {
    auto created =
        std::make_shared<spdlog::logger>("devy", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    created->set_pattern("ts=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc);
    // A broken log sink must not stop the work (reliability.md F38).
    created->set_error_handler([](const std::string&) {});
    return created;
  }();
  return *instance;
}

// The fields of the open scopes. Keys are literals of the program.
struct Surroundings {
  std::mutex mutex;
  std::vector<Field> fields;  // guarded by mutex
};

Surroundings& surroundings() {
  static Surroundings instance;
  return instance;
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string plain(const Field& field) {
  return field.is_text ? safe_text(redact(field.value)) : field.value;
}

// A line's own fields, and those of the scopes that it has not itself.
template <class Visit>
void visit_fields(Fields fields, const Visit& visit) {
  for (const auto& field : fields)
    visit(field);
  const std::scoped_lock lock(surroundings().mutex);
  for (const auto& field : surroundings().fields)
    if (std::ranges::none_of(fields, [&](const Field& own) { return own.key == field.key; }))
      visit(field);
}

// Made before there are threads; null: events go to stderr.
std::unique_ptr<Journal>& journal() {
  static std::unique_ptr<Journal> instance;
  return instance;
}

int priority_of(spdlog::level::level_enum level) {
  constexpr int error = 3, warning = 4, info = 6, debug = 7;
  if (level >= spdlog::level::err) return error;
  if (level == spdlog::level::warn) return warning;
  return level == spdlog::level::info ? info : debug;
}

bool send_to(const Journal& to, spdlog::level::level_enum level, std::string_view event,
             Fields fields) {
  std::string message(event);
  JournalEntry entry{priority_of(level), event, {}, {}};
  visit_fields(fields, [&](const Field& field) {
    auto value = plain(field);
    message.append(" ").append(field.key).append("=").append(field.is_text ? in_quotes(value)
                                                                           : value);
    entry.fields.emplace_back(field.key, std::move(value));
  });
  entry.message = message;
  return to.send(journal_datagram(entry));
}

void write(spdlog::level::level_enum level, std::string_view event, Fields fields) {
  if (!logger().should_log(level)) return;
  if (journal() && send_to(*journal(), level, event, fields)) return;
  logger().log(level, format_line(event, fields, line_format.load()));
}

}  // namespace

void send_to_journal(const std::string& socket_path) {
  if (socket_path.empty()) journal().reset();
  else journal() = std::make_unique<Journal>(socket_path);
}

void follow_journal_stream() {
  if (!journal() && is_journal(std::getenv("JOURNAL_STREAM"), STDERR_FILENO))
    send_to_journal(journal_socket);
}

std::string format_line(std::string_view event, Fields fields, Format format) {
  const bool is_json = format == Format::json;
  std::string line = is_json ? "\"event\":" + in_quotes(event) : "event=" + in_quotes(event);
  visit_fields(fields, [&](const Field& field) {
    const auto value = field.is_text ? in_quotes(plain(field)) : field.value;
    line += is_json ? "," + in_quotes(field.key) + ":" + value
                    : " " + std::string(field.key) + "=" + value;
  });
  return is_json ? line + "}" : line;
}

Scope::Scope(Fields fields) {
  const std::scoped_lock lock(surroundings().mutex);
  auto& all = surroundings().fields;
  before_ = all.size();
  all.insert(all.end(), fields);
}

Scope::~Scope() {
  const std::scoped_lock lock(surroundings().mutex);
  surroundings().fields.erase(surroundings().fields.begin() + static_cast<std::ptrdiff_t>(before_),
                              surroundings().fields.end());
}

void configure(Level level, Format format) {
  line_format = format;
  logger().set_pattern(format == Format::json ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%eZ","level":"%l",%v)"
                                              : "ts=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v",
                       spdlog::pattern_time_type::utc);
  switch (level) {
    case Level::debug: logger().set_level(spdlog::level::debug); break;
    case Level::info: logger().set_level(spdlog::level::info); break;
    case Level::warning: logger().set_level(spdlog::level::warn); break;
    case Level::error: logger().set_level(spdlog::level::err); break;
    case Level::off: logger().set_level(spdlog::level::off); break;
  }
}

void debug(std::string_view event, Fields fields) {
  write(spdlog::level::debug, event, fields);
}
void info(std::string_view event, Fields fields) {
  write(spdlog::level::info, event, fields);
}
void warning(std::string_view event, Fields fields) {
  write(spdlog::level::warn, event, fields);
}
void error(std::string_view event, Fields fields) {
  write(spdlog::level::err, event, fields);
}

}  // namespace devy::base::log
