#include <algorithm>

#include "core/gists/scanning/comparison.hpp"
#include "core/gists/scanning/git_files.hpp"
#include "core/gists/scanning/scan.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/lease.hpp"

// The step `fetch` of a scan: gists with news, and those that a full list does not have.

namespace devy::scanning {

using base::Error;
using base::ErrorKind;

namespace {

// A gist that a full list does not have is asked for: pages shift while they are read.
constexpr std::size_t absent_max = 100;
constexpr const char* blocked_code = "github_blocked";

const char* reason_of(const Error& error) {
  return error.kind() == ErrorKind::denied || error.code() == blocked_code ? "blocked" : "deleted";
}

// Whether GitHub says that it shows the gist to nobody.
bool is_about_gist(const Error& error) {
  return error.kind() == ErrorKind::not_found || error.code() == "github_forbidden";
}

}  // namespace

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
