#include "cli/line/arguments.hpp"

#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::cli {

void Arguments::set(std::string name, std::vector<std::string> values) {
  values_.insert_or_assign(std::move(name), std::move(values));
}

bool Arguments::has(std::string_view name) const {
  return values_.find(name) != values_.end();
}

std::optional<std::string> Arguments::text(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::string Arguments::required(std::string_view name) const {
  if (auto value = text(name)) return *std::move(value);
  throw base::Error(base::ErrorKind::usage, "missing argument: <" + std::string(name) + ">");
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::int64_t> Arguments::number(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::nullopt;
  std::int64_t parsed = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), parsed);
  if (error != std::errc{} || end != value->data() + value->size()) return std::nullopt;
  return parsed;
}

std::optional<base::Duration> Arguments::duration(std::string_view name) const {
  const auto value = text(name);
  return value ? base::parse_duration(*value) : std::nullopt;
}

}  // namespace devy::cli
