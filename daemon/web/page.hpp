#pragma once
// A row of the table of pages: which method and path, who may, and who answers. A page is its
// template, its file page_<name>.cpp, and a line in page_table.cpp (web.md, "Role"); the guard does
// everything that all pages need (guard.hpp).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/platform/base/clock.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/server/query.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/pg/connection.hpp"

namespace devy::daemon {

class SharedSnapshot;

enum class Right {
  anyone,
  user,       // whoever is logged in; the page shows a user what is his alone, and an operator all
  operator_,  // to others the page is 404
};
[[nodiscard]] std::string_view to_string(Right right);

// Somebody who is logged in.
struct Visitor {
  std::string account_id, username;
  bool is_operator = false, is_supporter = false;
  std::string session_id;
};

// One request while it is answered. Borrows everything; belongs to the thread that answers.
struct Visit {
  const server::ReceivedRequest& request;
  const server::Fields& query;
  const server::Fields& form;  // of a POST whose token was right
  const config::Config& config;
  pg::Connection& connection;
  SharedSnapshot& queue;
  const Visitor* visitor = nullptr;  // null: anonymous, where the page is for anyone
  std::string csrf = {};             // masked for this answer
  std::string request_id = {};       // as the log has it
  base::TimePoint now = {};
  int poll_factor = 1;  // live parts ask so many times less often than they could

  // htmx asks for a part of the page, and does not restore a page from its history.
  [[nodiscard]] bool wants_part() const;
  [[nodiscard]] bool is_operator() const { return visitor != nullptr && visitor->is_operator; }
  // "web:alice", as requested_by and the audit name who did it.
  [[nodiscard]] std::string actor() const;
};

using Handler = http::Response (*)(Visit& visit);

struct Page {
  std::string_view method;  // GET or POST; GET answers HEAD too
  std::string_view path;    // "*" stands for any one part
  Right right = Right::user;
  Handler handler = nullptr;
  // Waits for GitHub: answered by threads of their own, so that no other page waits with it.
  bool is_late = false;
};

// All pages, in the order in which paths are compared.
[[nodiscard]] std::span<const Page> page_table();
// Whether the page that is read at a path of the table is this visitor's to read.
[[nodiscard]] bool may_open(std::string_view path, const Visitor* visitor);

}  // namespace devy::daemon
