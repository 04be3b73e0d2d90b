#pragma once
// The API of files in the role web (files.md, section 5):
//
//   PUT  /api/upload, /api/upload_temporary   [{"filename", "content": base64}], streamed
//   POST /v1/files ?name ?temporary ?sha256   the bytes themselves, streamed
//   POST /v1/files/:id/link, GET /v1/files/:id/shared: links (files_api_link.hpp)
//   GET  /v1/files ?state ?name ?sha256 ?reference ?cursor ?limit
//   GET, PATCH, DELETE /v1/files/:id; GET /v1/files/:id/content
//   POST /v1/files/persist; GET /v1/files/quota
//   POST /upload, /upload_temporary           a form with files, streamed (files_form.hpp)
//   OPTIONS, POST /files; HEAD, PATCH, DELETE /files/*: tus 1.0 (files_tus.hpp)
//
// The server's threads call its routes, several at once; bodies go to sinks in the server's pool
// for these. GitHub is asked in two threads of its own, and only about who calls.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "core/files/receive/batch.hpp"
#include "core/files/receive/depot.hpp"
#include "core/files/receive/uploads.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/server/pool.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/web/github_tokens.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/api_caller.hpp"
#include "daemon/web/web_counters.hpp"

namespace devy::daemon {

// Counts of uploads, by name: "uploads.json.ok", "received_bytes", "tokens.good". Any thread.
class FileCounters {
 public:
  void count(const std::string& name, std::int64_t by = 1);
  [[nodiscard]] std::map<std::string, std::int64_t> numbers() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::int64_t> numbers_;
};

// The parts that routes of files work with; the API owns them.
struct FilesParts {
  const config::Config& config;
  SessionPool& sessions;
  receive::Depot depot;
  FileCounters counters;
  receive::Uploads uploads;
  const base::Secret link_key;  // empty: there are no links

  [[nodiscard]] receive::WithConnection with_connection() {
    return [this](const std::function<void(pg::Connection&)>& work) { sessions.with(work); };
  }
};

// One request while it is answered. Borrows everything; belongs to the thread that answers.
struct FilesCall {
  const server::ReceivedRequest& request;
  const Caller& caller;
  files::OwnerId owner;
  pg::Connection& connection;
  FilesParts& parts;
};

// Whether a session may come in place of a token: its form's token stands in a header, or in a
// field of the form, before its files.
enum class FilesSession { none, in_header, in_form };

// One of the two is set.
struct FilesRoute {
  std::string method, path;
  std::uint64_t body_bytes_max = 0;
  std::function<http::Response(FilesCall&)> handler = {};
  std::function<server::Opening(FilesCall&)> open = {};  // takes the body as it comes
  bool is_body_optional = false;
  // Adds to whatever answer what all answers of the route have.
  std::function<void(const server::ReceivedRequest&, http::Response&)> complete = {};
  FilesSession session = FilesSession::none;
};

class FilesApi {
 public:
  // Borrows everything but the origins, which are ours as browsers write them. `make_transport`:
  // for GitHub; null: the real one. Throws Error(config) for keys that cannot be read.
  FilesApi(const config::Config& config, SessionPool& sessions, WebCounters& counters,
           std::vector<std::string> origins,
           web::GithubTokens::MakeTransport make_transport = nullptr);

  [[nodiscard]] std::vector<server::Route> routes();
  // Together with what this process has asked S3.
  [[nodiscard]] std::map<std::string, std::int64_t> numbers();

 private:
  using Request = std::shared_ptr<const server::ReceivedRequest>;
  using Reply = std::function<void(server::Opening)>;
  void serve(const FilesRoute& route, const Request& request, const Reply& reply);
  // With a session whose token was renewed, the answer, whenever it comes, has the new one.
  [[nodiscard]] server::Opening answer_caller(const FilesRoute& route, FilesCall& call);
  [[nodiscard]] std::variant<server::Opening, AskGithub> answer(
      const FilesRoute& route, const server::ReceivedRequest& request, bool is_waiting_allowed);
  // An answer for tokens that are not believed here, whoever they belong to.
  [[nodiscard]] std::optional<http::Response> check_token(
      const server::ReceivedRequest& request) const;

  const config::Config& config_;
  SessionPool& sessions_;
  WebCounters& counters_;
  web::GithubTokens tokens_;
  ApiCallers callers_;
  FilesParts parts_;
  RateLimit creations_;
  const std::vector<FilesRoute> table_;
  std::atomic<int> asking_{0};
  server::Pool waiting_;  // for who writes an upload
  server::Pool github_;   // declared last, because its jobs use everything above
};

}  // namespace devy::daemon
