#pragma once
// A listener on a loopback port of its own, with a database, the blog alice/notes of repository 42,
// a signing secret, and a key for tokens. One thread, but for what tests start.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "core/platform/base/secret.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "daemon/listener/listener.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/postgres/postgres.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::daemon {

// Signed, unless `headers` bring a signature.
struct Delivery {
  std::string event = "push";
  int number = 1;
  std::string body = {};  // empty: a push to main, of a commit of its own for each number
  testing::RawHeaders headers = {};
  std::string type = "application/json";
  std::string secret = {};  // empty: the right one
  std::string path = "/v1/webhooks";
};

class ListenerTest : public ::testing::Test {
 protected:
  ListenerTest();
  ~ListenerTest() override;

  // After config_ is as it should be. `address` instead of a free loopback port.
  void start(const std::string& address = "127.0.0.1:0");
  void stop();

  [[nodiscard]] std::string bytes_of(const Delivery& delivery) const;
  [[nodiscard]] testing::RawAnswer deliver(const Delivery& delivery = {}) const;

  [[nodiscard]] std::string token_of(const std::string& subject, int life_seconds = 300,
                                     const std::string& id = {}) const;
  [[nodiscard]] testing::RawAnswer ask(const std::string& method, const std::string& target,
                                       const std::string& subject, const std::string& body = {},
                                       testing::RawHeaders headers = {}) const;

  [[nodiscard]] std::string value(const std::string& sql) const;
  void execute(const std::string& sql) const;
  [[nodiscard]] std::string secret_file(const std::string& name, const std::string& secret) const;

  testing::TempFolder folder_;
  testing::TestDatabase database_;
  config::Config config_;
  std::string conninfo_;
  std::string address_;
  std::unique_ptr<Listener> listener_;
  std::jthread thread_;
};

inline constexpr const char* good_secret = "the secret that deliveries are signed with";
inline constexpr const char* token_secret = "the secret that tokens are signed with";

}  // namespace devy::daemon
