#include "core/gists/scanning/scan.hpp"

#include <algorithm>

#include "core/gists/scanning/comparison.hpp"
#include "core/gists/scanning/git_files.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::scanning {
namespace {

using base::Error;
using base::ErrorKind;

// A gist that a full list does not have is asked for: pages shift while they are read.
constexpr std::size_t absent_max = 100;
constexpr int list_page_items = 100;
constexpr std::chrono::seconds missing_every{86'400};
constexpr const char* blocked_code = "github_blocked";

// GitHub reads whole seconds.
std::string second_text(base::TimePoint time) {
  const auto text = base::format_rfc3339(std::chrono::floor<std::chrono::seconds>(time));
  return text.substr(0, text.find('.')) + "Z";
}

const char* reason_of(const Error& error) {
  return error.kind() == ErrorKind::denied || error.code() == blocked_code ? "blocked" : "deleted";
}

// Whether GitHub says that it shows the gist to nobody.
bool is_about_gist(const Error& error) {
  return error.kind() == ErrorKind::not_found || error.code() == "github_forbidden";
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
  if (next) {
    base::log::warning("list of gists not read to its end",
                       {{"login", user_.login}, {"gists", listed.gists.size()}});
    is_partial_ = true;
  }
  return listed;
}

void Scan::store_news(const std::vector<ListedGist>& listed) {
  auto count = static_cast<std::uint64_t>(known_.size());
  // The oldest first, so that visitors see them in that order.
  std::vector<const ListedGist*> ordered;
  for (const auto& gist : listed)
    ordered.push_back(&gist);
  std::ranges::sort(ordered, {},
                    [](const auto* gist) { return std::pair(gist->updated_at, gist->id); });
  for (const auto* gist : ordered) {
    const auto found = known_by_id_.find(gist->id);
    const auto* known = found == known_by_id_.end() ? nullptr : found->second;
    if (is_unchanged(known, *gist)) continue;
    if (known == nullptr && count >= tools_.config.gists.per_user_max) {
      base::log::warning("gist left out", {{"login", user_.login},
                                           {"gist", gist->id},
                                           {"reason", "gists.per_user_max is reached"}});
      continue;
    }
    attempt_.check();
    try {
      store_one(*gist, known);
      if (known == nullptr) ++count;
    } catch (const Error& error) {
      // One gist that cannot be read keeps none of the others from being stored.
      if (error.kind() != ErrorKind::rejected) throw;
      base::count("gist_skipped." + error.code());
      base::log::warning("gist not stored", {{"gist", gist->id}, {"error", error.text()}});
      has_skipped_ = true;
    }
  }
}

void Scan::store_one(const ListedGist& listed, const gists::KnownGist* known) {
  const auto gist = fetch(listed, known);
  if (!gist) return;
  const auto news = news_of(*gist, known);
  store(news);
}

std::optional<ListedGist> Scan::fetch(const ListedGist& listed, const gists::KnownGist* known) {
  is_partial_ = false;
  std::optional<ListedGist> gist;
  try {
    gist = read_gist(tools_.api.get(connection(), "/gists/" + listed.id).body);
  } catch (const Error& error) {
    if (error.code() == "response_too_large") {
      gist = listed;  // the bytes of each file are asked for singly
    } else {
      if (!is_about_gist(error)) throw;
      if (known != nullptr) end_gist(listed.id, reason_of(error));
      return std::nullopt;
    }
  }
  if (gist->id != listed.id) github::throw_garbage("it is another gist");
  if (!gist->is_public) {
    if (known != nullptr) end_gist(listed.id, "secret");
    return std::nullopt;
  }
  if (gist->is_truncated) {
    auto files = read_git_files(tools_.config, *gist, attempt_.stop);
    gist->files = std::move(files.files);
    is_partial_ = files.is_partial;
  }
  if (gist->files.size() > tools_.config.gists.files_max) {
    gist->files.resize(tools_.config.gists.files_max);
    is_partial_ = true;
  }
  for (auto& file : gist->files)
    tools_.contents.name_blob(file);
  return gist;
}

gists::StoredVersion Scan::version_of(const ListedFile& file,
                                      const std::optional<gists::FileId>& id) {
  auto content = tools_.contents.read(file);
  gists::StoredVersion version;
  version.file = id;
  version.filename = file.filename;
  version.blob = file.blob;
  version.size = file.size;
  version.media_type = file.media_type;
  version.language = file.language;
  version.raw_url = file.raw_url;
  version.content = std::move(content.bytes);
  version.state = content.state;
  return version;
}

gists::GistNews Scan::news_of(const ListedGist& gist, const gists::KnownGist* known) {
  gists::GistNews news;
  news.gist = {gist.id,         gist.description, gist.html_url,
               gist.created_at, gist.updated_at,  is_partial_};
  const auto found = compare(known, gist.files);
  for (const auto place : found.added)
    news.versions.push_back(version_of(gist.files[place], std::nullopt));
  for (const auto& changed : found.changed)
    news.versions.push_back(version_of(gist.files[changed.place], changed.file));
  for (const auto& renamed : found.renamed)
    news.renamed.push_back(
        {renamed.file, gist.files[renamed.place].filename, gist.files[renamed.place].raw_url});
  news.removed = found.removed;
  if (known == nullptr || !known->is_gone) return news;
  for (const auto* places : {&found.same, &found.renamed})
    for (const auto& same : *places)
      news.refilled.push_back(version_of(gist.files[same.place], same.file));
  return news;
}

void Scan::store(const gists::GistNews& news) {
  base::fault_point("before_gist_store");
  pg::Transaction transaction(connection());
  fence();
  const auto stored = gists::store_gist(connection(), user_, news, tools_.config.crm);
  if (stored.is_for_crm) gists::wake_crm(connection(), tools_.config.crm);
  queue::advance(connection(), attempt_.lease);
  base::fault_point("before_gist_commit");
  transaction.commit();
  if (!news.versions.empty()) ++gists_;
  files_ += static_cast<int>(news.versions.size());
  std::int64_t added = 0;
  for (const auto& version : news.versions)
    if (!version.file) ++added;
  const auto count = [](const char* kind, std::int64_t by) {
    if (by > 0) base::count(std::string("gist_files_found.") + kind, by);
  };
  count("added", added);
  count("changed", static_cast<std::int64_t>(news.versions.size()) - added);
  count("renamed", static_cast<std::int64_t>(news.renamed.size()));
  count("removed", static_cast<std::int64_t>(news.removed.size()));
}

void Scan::ask_absent(const std::vector<ListedGist>& listed) {
  std::set<std::string_view> present;
  for (const auto& gist : listed)
    present.insert(gist.id);
  std::size_t asked = 0;
  for (const auto& known : known_) {
    if (known.is_gone || present.contains(known.id)) continue;
    if (user_.since && known.updated_at < *user_.since) continue;
    if (++asked > absent_max) {
      has_skipped_ = true;
      return;
    }
    attempt_.check();
    try {
      const auto gist = read_gist(tools_.api.get(connection(), "/gists/" + known.id).body);
      if (!gist.is_public) end_gist(known.id, "secret");
    } catch (const Error& error) {
      if (!is_about_gist(error)) throw;
      end_gist(known.id, reason_of(error));
    }
  }
}

void Scan::end_gist(const std::string& gist, const char* reason) {
  base::fault_point("before_gist_store");
  pg::Transaction transaction(connection());
  fence();
  const bool is_ended = gists::end_gist(connection(), user_.id, gist, reason);
  base::fault_point("before_gist_commit");
  transaction.commit();
  if (!is_ended) return;
  base::count(std::string("gist_gone.") + reason);
  base::log::info("gist gone", {{"gist", gist}, {"reason", reason}});
}

}  // namespace devy::scanning
