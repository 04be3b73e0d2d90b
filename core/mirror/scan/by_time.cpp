#include "core/mirror/scan/by_time.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::scan {
namespace {

std::string whole_seconds(base::TimePoint time) {
  auto text = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
  return text.substr(0, text.find('.')) + "Z";
}

// To a length that many later readings have, too: the same requests are answered for nothing when
// nothing changed. It is at most a sixteenth longer.
base::Duration rounded_up(base::Duration length) {
  base::Duration step = std::chrono::hours(1);
  while (step * 32 <= length)
    step *= 2;
  return (length + step - base::Duration(1)) / step * step;
}

}  // namespace

Page read_page_since(pg::Connection& connection, Api& api, const List& list,
                     std::int64_t repository_id, const std::string& state,
                     const mirror::Part& part) {
  if (part.next_url) return read_page(connection, api, list, repository_id, *part.next_url);
  return read_page(connection, api, list, repository_id,
                   list_address(list, repository_id, state, part.page_size) +
                       "&since=" + whole_seconds(part.from_at.value_or(earliest)));
}

bool move_behind(const Page& page, mirror::Part& part) {
  part.next_url.reset();
  if (!page.next) return true;
  if (!page.last_updated_at)
    throw base::Error(base::ErrorKind::unavailable,
                      "unable to read GitHub's list: an item has no time of its last change",
                      "Check github.api_url.", "github_garbage");
  if (part.to_at && *page.last_updated_at >= *part.to_at) return true;
  const auto from = part.from_at.value_or(earliest);
  const auto next = *page.last_updated_at - step_back;
  // More changed within one second than a page holds: only GitHub's own order leads further.
  if (next <= from) part.next_url = page.next;
  else part.from_at = next;
  return false;
}

std::vector<mirror::Part> divide_by_time(const Page& first, int parts_max) {
  mirror::Part whole;
  whole.from_at = earliest;
  if (move_behind(first, whole)) return {};
  const auto begin = *whole.from_at;
  const auto length = rounded_up(first.sent_at - begin);
  // As many parts as pages, if the rest of the list is as dense as its first page.
  const auto page_length = std::max<base::Duration>(
      first.last_updated_at.value() - first.first_updated_at.value_or(begin),
      std::chrono::seconds(1));
  const int count =
      whole.next_url
          ? 1
          : static_cast<int>(std::clamp<std::int64_t>(length / page_length, 1, parts_max));
  std::vector<mirror::Part> parts;
  for (int slot = 0; slot < count; ++slot) {
    mirror::Part part;
    part.slot = slot;
    part.from_at = begin + length * slot / count;
    if (slot == 0) part.next_url = whole.next_url;
    if (slot + 1 < count) part.to_at = begin + length * (slot + 1) / count;
    parts.push_back(part);
  }
  return parts;
}

}  // namespace devy::scan
