#include "core/gists/scanning/scan.hpp"

#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::scanning {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int list_page_items = 100;
constexpr std::chrono::seconds missing_every{86'400};

// GitHub reads whole seconds.
std::string second_text(base::TimePoint time) {
  const auto text = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
  return text.substr(0, text.find('.')) + "Z";
}

}  // namespace

Scan::Scan(ScanTools tools, queue::Attempt& attempt, gists::User user)
    : tools_(tools), attempt_(attempt), user_(std::move(user)), started_at_(tools.clock.now()) {
  const auto every = tools_.config.gists.full_every;
  is_full_ = !user_.full_at || user_.is_full_wanted ||
             (every.count() > 0 && *user_.full_at + every <= started_at_);
}

void Scan::begin_step(const std::string& step) {
  if (queue::begin_step(connection(), attempt_.lease,
                        {step, true, tools_.config.queue.lease_ttl}) != queue::StepVerdict::go_on)
    throw Error(ErrorKind::stopped, "a newer one takes over", "", "superseded");
}

void Scan::fence() {
  queue::fence(connection(), attempt_.lease, tools_.config.queue.lease_ttl);
}

std::optional<queue::AttemptResult> Scan::run() {
  tools_.api.require_budget(connection());
  begin_step("list");
  const auto listed = list();
  if (!listed) return std::nullopt;  // the attempt has ended
  begin_step("fetch");
  if (!listed->is_unchanged) {
    known_ = gists::known_gists(connection(), user_.id);
    for (const auto& gist : known_)
      known_by_id_.emplace(gist.id, &gist);
    store_news(listed->gists);
    if (is_full_) ask_absent(listed->gists);
  }
  begin_step("finish");
  gists::ScanEnd end;
  end.watermark = user_.watermark;
  for (const auto& gist : listed->gists)
    if (!end.watermark || gist.updated_at > *end.watermark) end.watermark = gist.updated_at;
  // The address of the next list depends on the watermark, and the validator on the address.
  const bool is_same_address = end.watermark == user_.watermark;
  if (is_same_address && !has_skipped_) end.etag = is_full_ ? user_.etag : listed->etag;
  end.is_full = is_full_;
  end.gists = gists_;
  end.files = files_;
  finish(end);
  return std::nullopt;
}

void Scan::finish(const gists::ScanEnd& given) {
  auto end = given;
  end.started_at = started_at_;
  base::fault_point("before_gist_scan_end");
  pg::Transaction transaction(connection());
  fence();
  gists::end_scan(connection(), user_.id, end);
  queue::finish(connection(), attempt_.lease, queue::AttemptResult{});
  base::fault_point("before_gist_scan_commit");
  transaction.commit();
}

void Scan::finish_missing() {
  gists::ScanEnd end;
  end.state = "missing";
  end.watermark = user_.watermark;
  end.next_in = missing_every;
  finish(end);
  base::log::info("tracked user not found at GitHub", {{"login", user_.login}});
}

Scan::Identity Scan::ask_who(const std::string& address) {
  std::optional<github::Answer> answer;
  try {
    answer = tools_.api.get(connection(), address);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return Identity::missing;
  }
  const auto document = github::parse_document(answer->body);
  const auto id = document.if_integer("id");
  const auto login = document.if_text("login");
  if (!id || !login || !gists::is_login(*login)) github::throw_garbage("it is no user");
  // A name that somebody else has by now leads to nobody here.
  if (user_.github_id && *user_.github_id != *id) return Identity::missing;
  pg::Transaction transaction(connection());
  fence();
  const bool is_known = gists::identify_user(connection(), user_.id, *login, *id);
  transaction.commit();
  if (!is_known) return Identity::tracked_elsewhere;
  user_.github_id = id;
  user_.login = gists::find_user(connection(), user_.id).value_or(user_).login;
  return Identity::known;
}

Scan::Identity Scan::identify() {
  const bool has_login = !user_.login.starts_with('@');
  if (has_login) {
    const auto identity = ask_who("/users/" + user_.login);
    if (identity != Identity::missing || !user_.github_id) return identity;
  }
  return ask_who("/user/" + std::to_string(user_.github_id.value()));
}

std::optional<base::TimePoint> Scan::since() const {
  if (is_full_ || !user_.watermark) return user_.since;
  const auto from = *user_.watermark - tools_.config.gists.overlap;
  return user_.since ? std::max(*user_.since, from) : from;
}

std::string Scan::list_address() const {
  auto address = "/users/" + user_.login + "/gists?per_page=" + std::to_string(list_page_items);
  if (const auto from = since()) address += "&since=" + second_text(*from);
  return address;
}

// Nothing: the user is missing, or another row's, and the attempt has ended.
std::optional<Scan::Listed> Scan::list() {
  // A full scan looks who has the login, so that one without gists is noticed, too.
  bool is_asked =
      is_full_ || !user_.github_id || user_.state != "active" || user_.login.starts_with('@');
  constexpr int tries = 3;  // somebody may be renamed while he is scanned
  for (int i = 0; i < tries; ++i) {
    const auto identity = is_asked ? identify() : Identity::known;
    if (identity == Identity::missing) {
      finish_missing();
      return std::nullopt;
    }
    if (identity == Identity::tracked_elsewhere) {
      pg::Transaction transaction(connection());
      fence();
      gists::ScanEnd end;
      end.started_at = started_at_;
      gists::end_scan(connection(), user_.id, end);
      queue::finish(connection(), attempt_.lease, queue::AttemptResult{});
      transaction.commit();
      return std::nullopt;
    }
    is_asked = true;
    try {
      auto listed = read_pages();
      if (!listed.is_someone_else) return listed;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
    }
  }
  throw Error(ErrorKind::unavailable,
              "unable to list the gists of '" + user_.login + "': the login changes hands",
              "It is tried again by itself.", "gist_login_unstable");
}

Scan::Listed Scan::read_pages() {
  Listed listed;
  const auto pages_max = static_cast<int>(tools_.config.gists.per_user_max) / list_page_items + 2;
  std::map<std::string, std::size_t> places;
  std::set<std::string> addresses;
  std::optional<std::string> next = list_address();
  for (int page = 0; next && page < pages_max; ++page) {
    attempt_.check();
    if (!addresses.insert(*next).second)
      throw Error(ErrorKind::unavailable,
                  "unable to read a list of gists: its pages lead in a circle",
                  "It is tried again by itself.", "github_paging");
    const bool is_conditional = page == 0 && !is_full_ && !user_.etag.empty();
    const auto answer = tools_.api.get(connection(), *next, is_conditional ? user_.etag : "");
    if (answer.is_unchanged) {
      listed.is_unchanged = true;
      listed.etag = user_.etag;
      return listed;
    }
    for (auto& gist : read_list(answer.body)) {
      if (gist.owner_id && *gist.owner_id != *user_.github_id) {
        listed.is_someone_else = true;
        return listed;
      }
      if (!gist.is_public) continue;
      // Pages shift while they are read, so one may come twice: the later is newer.
      const auto [place, is_new] = places.emplace(gist.id, listed.gists.size());
      if (is_new) listed.gists.push_back(std::move(gist));
      else listed.gists[place->second] = std::move(gist);
    }
    next = answer.next;
    listed.etag = page == 0 && !next ? answer.etag : "";
  }
  if (next)
    base::log::warning("list of gists not read to its end",
                       {{"login", user_.login}, {"gists", listed.gists.size()}});
  return listed;
}

}  // namespace devy::scanning
