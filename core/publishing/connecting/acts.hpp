#pragma once
// Acts of people on blogs, at the command line and in the browser alike: connect, disconnect,
// publish now. Each act is one transaction with its row in the audit, so that there is no act
// without one (web.md, "Who"). Throws what the stores throw (blog_store.hpp); then nothing was
// done.
//
// The webhook is not installed here: an operation does that afterwards (hook_handler.hpp), because
// whoever serves pages knows no webhook secret. Until then, and where it fails, the remote is asked
// from time to time, as that of every blog.

#include <optional>
#include <string>

#include "core/platform/pg/connection.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/session_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "core/publishing/store/hook_store.hpp"
#include "core/publishing/store/upload_store.hpp"

namespace devy::connecting {

// The person who acts, as the audit has him.
struct Doer {
  std::string name;                        // "web:alice", or who() of the command line
  std::string address = {};                // of the browser; empty: none
  std::optional<std::string> reason = {};  // in his own words
  // A session that has a token of GitHub, with which the webhook is installed or removed; none: it
  // stays as it is.
  std::optional<web::SessionId> session = {};
};

struct Connecting {
  publishing::ConnectRequest request;
  bool has_first_upload = false;  // which is recorded with it
  int attempts_max = 12;          // queue.max_attempts
};
publishing::Blog connect(pg::Connection& connection, const Connecting& connecting,
                         const Doer& doer);

// The posts are shown no more: 410.
void disconnect(pg::Connection& connection, const publishing::Blog& blog, const Doer& doer,
                int attempts_max = 12);

// An upload that somebody asks for.
queue::Ingested trigger(pg::Connection& connection, const publishing::Blog& blog,
                        const publishing::UploadRequest& request, const Doer& doer);

// Has the webhook installed once more. `doer` has a session.
void install_hook(pg::Connection& connection, const publishing::Blog& blog, const Doer& doer,
                  int attempts_max);

}  // namespace devy::connecting
