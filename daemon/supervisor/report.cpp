#include "daemon/supervisor/report.hpp"

#include <charconv>

#include "core/platform/process/message.hpp"

namespace devy::daemon {
namespace {

constexpr process::MessageFormat format{.name = "a report", .items_max = report_fields_max};

}  // namespace

void fields(auto& message, process::Of<Report> auto& report) {
  message(report.name, report.fields);
}

std::string Report::text(std::string_view field) const {
  const auto found = fields.find(field);
  return found == fields.end() ? std::string() : found->second;
}

std::int64_t Report::number(std::string_view field) const {
  const auto found = text(field);
  std::int64_t number = 0;
  const auto end = found.data() + found.size();
  const auto parsed = std::from_chars(found.data(), end, number);
  return parsed.ec == std::errc() && parsed.ptr == end ? number : 0;
}

std::string to_frame(const Report& report) {
  return process::encode(format, report);
}

std::optional<Report> read_report(std::string_view frame) {
  try {
    return process::decode<Report>(format, frame);
  } catch (const base::Error&) {
    // The caller does the same whatever is wrong with it.
    return std::nullopt;
  }
}

}  // namespace devy::daemon
