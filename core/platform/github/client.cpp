#include "core/platform/github/client.hpp"

#include <set>

#include "core/platform/base/error.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/github/budget.hpp"
#include "core/platform/github/check_response.hpp"
#include "core/platform/github/limit.hpp"
#include "core/platform/github/link.hpp"
#include "core/platform/http/http_date.hpp"

namespace devy::github {
namespace {

using base::Error;
using base::ErrorKind;

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

}  // namespace

std::string describe(const Call& call) {
  return call.method + " " +
         base::safe_text(base::redact(call.path.substr(0, call.path.find('?'))));
}

Client::Client(http::Transport& transport, std::string api_url, const base::Clock& clock)
    : transport_(transport), api_url_(std::move(api_url)), clock_(clock) {}

bool Client::is_own(std::string_view url) const {
  return url.starts_with(api_url_) && url.substr(api_url_.size()).starts_with('/');
}

std::string Client::absolute(std::string_view path) const {
  return path.starts_with('/') ? api_url_ + std::string(path) : std::string(path);
}

http::Response Client::send_once(const Call& call, const std::string& url) {
  http::Request request;
  request.method = call.method;
  request.url = url;
  request.body = call.body;
  request.answer_bytes_max = call.answer_bytes_max;
  request.headers = {{"Accept", "application/vnd.github+json"},
                     {"X-GitHub-Api-Version", "2022-11-28"},
                     {"User-Agent", "devy-upload"}};
  if (!call.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  if (!call.etag.empty()) request.headers.emplace_back("If-None-Match", call.etag);
  if (!call.last_modified.empty())
    request.headers.emplace_back("If-Modified-Since", call.last_modified);
  if (call.bearer != nullptr)
    request.headers.emplace_back("Authorization", "Bearer " + std::string(call.bearer->reveal()));
  return transport_.send(request);
}

Answer Client::send(const Call& call) {
  Answer answer;
  auto url = absolute(call.path);
  for (int hops = 0;; ++hops) {
    // A token is sent to no other server, wherever a redirect or a link leads.
    if (!is_own(url))
      throw Error(ErrorKind::rejected,
                  "unable to ask GitHub for " + describe(call) + ": it leads to another server",
                  "Check github.api_url.", "github_redirect");
    const auto sent_at = clock_.now();
    auto response = send_once(call, url);
    base::count("github_requests." + std::string(call.purpose) + "." +
                std::to_string(response.status));
    if (is_redirect(response.status) && hops < hops_max) {
      url = response.header("location");
      if (url.starts_with('/')) url.insert(0, api_url_, 0, api_url_.find('/', 8));
      answer.moved_to = url;
      continue;
    }
    if (const auto limit = limit_of(response, clock_.now(), refusals_)) {
      ++refusals_;
      throw LimitReached(limit->not_before, limit->is_primary);
    }
    check_response(describe(call), response);
    refusals_ = 0;
    answer.status = response.status;
    answer.is_unchanged = response.status == 304;
    answer.etag = response.header("etag");
    answer.next = linked_page(response.header("link"), "next");
    answer.last = linked_page(response.header("link"), "last");
    answer.last_modified = response.header("last-modified");
    answer.sent_at = sent_at;
    answer.date = http::parse_http_date(response.header("date"));
    answer.budget = budget_of(response);
    answer.body = std::move(response.body);
    return answer;
  }
}

void Client::pages(Call call, const std::function<bool(const Answer&)>& visit) {
  std::set<std::string> seen{absolute(call.path)};
  for (int page = 0; page < pages_max; ++page) {
    const auto answer = send(call);
    if (!visit(answer) || !answer.next) return;
    if (!seen.insert(*answer.next).second)
      throw Error(ErrorKind::unavailable,
                  "unable to read GitHub's list " + describe(call) + ": its pages lead in a circle",
                  "Check github.api_url; GitHub's status page may say more.", "github_paging");
    call.path = *answer.next;
    call.etag.clear();
  }
}

}  // namespace devy::github
