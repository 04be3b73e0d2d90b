#include "daemon/web/operations_filter.hpp"

#include <charconv>

#include "core/platform/base/error.hpp"
#include "daemon/web/publishing_rights.hpp"

namespace devy::daemon {

std::span<const StateChip> state_chips() {
  static const std::vector<StateChip> chips{
      {"All", "", {}},
      {"Waiting", "waiting", {"received", "verified"}},
      {"Running", "running", {"scheduled", "processing"}},
      {"Held", "held", {"held"}},
      {"Failed", "failed", {"failed"}},
      {"Completed", "completed", {"completed"}},
      {"Cancelled", "cancelled", {"cancelled"}},
      {"Dropped", "dropped", {"dropped"}},
      {"Duplicate", "duplicate", {"duplicate"}},
      {"Disabled", "disabled", {"disabled"}},
  };
  return chips;
}

std::int64_t read_number(std::string_view text, std::string_view field) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size())
    throw base::Error(base::ErrorKind::usage,
                      "unable to list operations: " + std::string(field) + " is no number");
  return number;
}

AskedOperations read_asked_operations(const server::Fields& fields) {
  AskedOperations asked;
  const auto line = [&](std::string_view name) {
    return std::string(fields.line(name).value_or(""));
  };
  const auto state = line("state");
  for (const auto& chip : state_chips())
    if (chip.value == state) asked.chip = &chip;
  if (asked.chip == nullptr)
    throw base::Error(base::ErrorKind::usage, "unable to list operations: there is no such state",
                      "Choose one of the states above the list.");
  asked.kind = line("kind");
  asked.owner = line("owner");
  asked.key = line("key");
  asked.code = line("code");
  if (const auto before = line("before"); !before.empty())
    asked.before = read_number(before, "before");
  return asked;
}

web::OperationFilter filter_of(const Visit& visit, const AskedOperations& asked) {
  web::OperationFilter filter;
  filter.states = asked.chip->states;
  if (!asked.kind.empty()) filter.kinds = {asked.kind};
  if (!asked.owner.empty()) filter.owner = asked.owner;
  if (!asked.key.empty()) filter.key = asked.key;
  if (!asked.code.empty()) filter.code = asked.code;
  if (asked.before) filter.before = *asked.before;
  restrict_to_own(filter, visit);
  return filter;
}

std::vector<html::QueryField> fields_of(const AskedOperations& asked, std::string_view without) {
  std::vector<html::QueryField> fields;
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!value.empty() && name != without)
      fields.push_back({std::string(name), std::string(value)});
  };
  add("state", asked.chip->value);
  add("kind", asked.kind);
  add("owner", asked.owner);
  add("key", asked.key);
  add("code", asked.code);
  return fields;
}

html::Url operations_url(std::vector<html::QueryField> fields, std::string name,
                         std::string value) {
  if (!name.empty()) fields.push_back({std::move(name), std::move(value)});
  return html::own_url({"operations"}, fields);
}

}  // namespace devy::daemon
