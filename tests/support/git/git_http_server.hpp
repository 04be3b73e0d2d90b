#pragma once
// A git server over smart HTTP on 127.0.0.1, for tests: `git http-backend` does git's part, this
// does HTTP's, and misbehaves on request. Every repository below `root` can be fetched and pushed
// to. One thread a connection; every method may be called from any thread. The destructor closes
// all connections.
//
//   GitHttpServer server(folder.path());
//   server.misbehave([](Faults& faults) { faults.status = 500; });
//   fetch(server.url("alice/blog.git"));
//   EXPECT_EQ(server.counters().upload_packs, 0);

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/git/git_http_stream.hpp"

namespace devy::testing {

struct Faults {
  bool is_silent = false;                   // accepts, reads, never answers
  bool closes = false;                      // closes the connection instead of answering
  int status = 0;                           // answers everything with this
  std::string extra_header;                 // "Name: value", with `status`
  std::optional<std::size_t> pack_bytes;    // of an upload-pack answer; then the connection closes
  bool is_silent_after_pack_bytes = false;  // … falls silent instead of closing
  bool has_wrong_checksum = false;          // the pack's own, at its end
  int pack_status = 0;                      // answers upload-pack alone with this
  std::size_t drip_bytes_per_second = 0;    // upload-pack answers come this slowly
  std::string refs_type, pack_type;         // another Content-Type than git's, of either answer
  bool is_silent_after_refs = false;        // lists references, then falls silent
  std::string token;                        // basic authentication's password; others get 401
  bool hides_private = false;               // … 404 instead, as GitHub does for some
  std::map<std::string, std::string> redirects;  // "/old.git" → "http://…/new.git"
  int redirect_status = 301;
  bool allows_any_commit = false;            // uploadpack.allowAnySHA1InWant
  bool knows_version_2 = true;               // of the protocol
  std::function<void()> before_upload_pack;  // runs before each pack is made
};

struct Counters {
  std::uint64_t requests = 0, info_refs = 0, upload_packs = 0, receive_packs = 0;
  std::uint64_t with_authorization = 0;
};

struct ServerOptions {
  std::uint16_t port = 0;  // 0: any free one
  std::optional<TlsIdentity> tls = {};
};

class GitHttpServer {
 public:
  explicit GitHttpServer(std::string root, const ServerOptions& options = {});
  GitHttpServer(const GitHttpServer&) = delete;
  GitHttpServer& operator=(const GitHttpServer&) = delete;
  ~GitHttpServer();

  [[nodiscard]] std::uint16_t port() const;
  // "http://127.0.0.1:port" (https://localhost:port with TLS), and with "/path".
  [[nodiscard]] std::string url(std::string_view path = {}) const;
  void misbehave(const std::function<void(Faults&)>& change);
  void behave();
  [[nodiscard]] Counters counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "silent", "status=500", "drip=100", "truncate=1000", "token=abc", "redirect=/a.git>/b.git", …:
// for programs. False when there is no such fault.
[[nodiscard]] bool apply_fault(Faults& faults, std::string_view text);

}  // namespace devy::testing
