#include "core/mirror/scan/read_on.hpp"

#include <algorithm>

#include "core/mirror/scan/by_time.hpp"
#include "core/platform/base/error.hpp"

namespace devy::scan {
namespace {

// Pages without trouble after which a larger one is tried.
constexpr int good_pages = 10;

// Reads the page at which the part stands, and moves the part behind it. Returns true at the end.
bool read_and_move(pg::Connection& connection, Api& api, const List& list,
                   std::int64_t repository_id, const std::string& state, mirror::Part& part,
                   Page& page) {
  if (list.paging == Paging::by_time) {
    page = read_page_since(connection, api, list, repository_id, state, part);
    return move_behind(page, part);
  }
  if (part.next_url) {  // a list without numbers
    page = read_page(connection, api, list, repository_id, *part.next_url);
    part.next_url = page.next;
    const bool is_behind =
        part.to_at && page.last_updated_at && *page.last_updated_at < *part.to_at;
    return !page.next || is_behind;
  }
  page = read_numbered_page(connection, api, list, repository_id, state, part.next_page.value());
  part.next_page = *part.next_page + part.stride.value();
  return !page.next || (page.last_page && *part.next_page > *page.last_page);
}

int larger_page(int size) {
  return std::min(size * 2, page_size_max);
}

}  // namespace

ReadOn read_on(pg::Connection& connection, Api& api, const List& list, std::int64_t repository_id,
               const std::string& state, mirror::Part& part) {
  ReadOn read;
  for (int failed = 0;;) {
    auto moved = part;
    try {
      read.is_at_end = read_and_move(connection, api, list, repository_id, state, moved, read.page);
      read.page.requests += failed;
      part = moved;
      break;
    } catch (const base::Error& error) {
      const auto smaller = smaller_page(part.page_size);
      if (list.paging != Paging::by_time || part.next_url || !is_too_much(error) || !smaller) throw;
      part.page_size = *smaller;
      ++failed;
    }
  }
  ++part.pages;
  if (part.pages % good_pages == 0) part.page_size = larger_page(part.page_size);
  return read;
}

}  // namespace devy::scan
