#pragma once
// Pipedrive's API, version 2, over http::Transport: activities and deals, written and listed. It
// knows no gist, has no table, follows no redirect and repeats nothing: each call is one request,
// and its Answer says whether it was done (answer.hpp). Nothing is thrown for what the server does
// or does not do.
//
// One thread; borrows the transport and the access. Every request is counted as
// "crm_requests.<method>.<status>" (base/process_counts.hpp), with 0 for one without an answer.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/crm/access.hpp"
#include "core/crm/answer.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::crm {

inline constexpr int page_entries_max = 500;  // the most that the API gives at once

// Ids are 0 where there is none.
struct Activity {
  std::string subject, type, note;
  std::int64_t owner_id = 0, org_id = 0, deal_id = 0;
};
// The members that are set are changed.
struct ActivityChange {
  std::optional<std::string> subject = {}, note = {};
  std::optional<bool> is_done = {};
};
struct Deal {
  std::string title;
  std::int64_t owner_id = 0, org_id = 0, pipeline_id = 0, stage_id = 0;
};

struct PageRequest {
  std::optional<base::TimePoint> updated_since = {};  // by the server's clock
  std::string cursor = {};                            // of the page before; empty: the first
  int limit = page_entries_max;
};
struct Entry {
  std::int64_t id = 0;
  std::string title;  // an activity's subject, a deal's title
  std::string note;   // of an activity
  std::int64_t owner_id = 0;
};
struct Page {
  Answer answer;
  std::vector<Entry> entries = {};
  std::string next_cursor = {};  // empty: this is the last page
  // The page was larger than the limit for answers: ask for fewer entries.
  bool is_too_large = false;
};

class Client {
 public:
  Client(http::Transport& transport, const Access& access)
      : transport_(transport), access_(access) {}

  [[nodiscard]] Answer add_activity(const Activity& activity);
  [[nodiscard]] Answer change_activity(std::int64_t id, const ActivityChange& change);
  [[nodiscard]] Answer add_deal(const Deal& deal);
  [[nodiscard]] Page list_activities(const PageRequest& request);
  [[nodiscard]] Page list_deals(const PageRequest& request);

 private:
  struct Received;
  [[nodiscard]] Received send(const char* method, const std::string& path, std::string body);
  [[nodiscard]] Answer write(const char* method, const std::string& path, std::string body);
  [[nodiscard]] Page list(const char* path, const PageRequest& request);

  http::Transport& transport_;
  const Access& access_;
};

}  // namespace devy::crm
