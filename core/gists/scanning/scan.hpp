#pragma once
// One attempt of a scan: its steps, in order. Private to this folder.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/gists/scanning/api.hpp"
#include "core/gists/scanning/contents.hpp"
#include "core/gists/scanning/document.hpp"
#include "core/gists/store/scan_store.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/queue/runner.hpp"

namespace devy::scanning {

// Borrowed; all outlive the scan.
struct ScanTools {
  const config::Config& config;
  const base::Clock& clock;
  Api& api;
  Contents& contents;
};

class Scan {
 public:
  Scan(ScanTools tools, queue::Attempt& attempt, gists::User user);

  // Ends the attempt in its last transaction, or returns how it ends.
  std::optional<queue::AttemptResult> run();

 private:
  enum class Identity { known, missing, tracked_elsewhere };
  struct Listed {
    std::vector<ListedGist> gists;  // each once
    std::string etag;               // of a list of one page
    bool is_unchanged = false;
    bool is_someone_else = false;  // the login is another user's by now
  };

  [[nodiscard]] pg::Connection& connection() const { return attempt_.connection; }
  void begin_step(const std::string& step);
  void fence();

  // Asks who the user is.
  [[nodiscard]] Identity identify();
  [[nodiscard]] Identity ask_who(const std::string& address);
  // Reads the list.
  [[nodiscard]] std::optional<Listed> list();
  [[nodiscard]] Listed read_pages();
  [[nodiscard]] std::string list_address() const;
  [[nodiscard]] std::optional<base::TimePoint> since() const;
  // Fetches gists and stores them.
  void store_news(const std::vector<ListedGist>& listed);
  void store_one(const ListedGist& listed, const gists::KnownGist* known);
  [[nodiscard]] std::optional<ListedGist> fetch(const ListedGist& listed,
                                                const gists::KnownGist* known);
  [[nodiscard]] gists::GistNews news_of(const ListedGist& gist, const gists::KnownGist* known);
  [[nodiscard]] gists::StoredVersion version_of(const ListedFile& file,
                                                const std::optional<gists::FileId>& id);
  void store(const gists::GistNews& news);
  // Asks for known gists that a full list does not have.
  void ask_absent(const std::vector<ListedGist>& listed);
  void end_gist(const std::string& gist, const char* reason);
  void finish(const gists::ScanEnd& end);
  void finish_missing();

  ScanTools tools_;
  queue::Attempt& attempt_;
  gists::User user_;
  const base::TimePoint started_at_;
  bool is_full_ = false;
  bool has_skipped_ = false;  // something is left for the next scan
  int gists_ = 0, files_ = 0;
  std::vector<gists::KnownGist> known_;
  std::map<std::string, const gists::KnownGist*> known_by_id_;
  bool is_partial_ = false;
};

}  // namespace devy::scanning
