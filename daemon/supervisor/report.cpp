#include "daemon/supervisor/report.hpp"

#include <charconv>
#include <cstring>
#include <vector>

namespace devy::daemon {
namespace {

using Length = std::uint32_t;  // in native order: both ends are this program

void put(std::string& frame, std::string_view text) {
  const auto length = static_cast<Length>(text.size());
  frame.append(reinterpret_cast<const char*>(&length), sizeof length);
  frame.append(text);
}

std::optional<std::string> take(std::string_view& rest) {
  Length length = 0;
  if (rest.size() < sizeof length) return std::nullopt;
  std::memcpy(&length, rest.data(), sizeof length);
  rest.remove_prefix(sizeof length);
  if (rest.size() < length) return std::nullopt;
  std::string text(rest.substr(0, length));
  rest.remove_prefix(length);
  return text;
}

}  // namespace

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
  std::string frame;
  put(frame, report.name);
  for (const auto& [key, value] : report.fields) {
    put(frame, key);
    put(frame, value);
  }
  return frame;
}

std::optional<Report> read_report(std::string_view frame) {
  auto name = take(frame);
  if (!name) return std::nullopt;
  Report report{std::move(*name)};
  while (!frame.empty()) {
    auto key = take(frame);
    auto value = key ? take(frame) : std::nullopt;
    if (!value || report.fields.size() == report_fields_max) return std::nullopt;
    report.fields.insert_or_assign(std::move(*key), std::move(*value));
  }
  return report;
}

}  // namespace devy::daemon
