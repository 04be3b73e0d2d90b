#include "tests/integration/daemon/listener/listener_fixture.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "core/platform/base/log.hpp"
#include "core/platform/webhook/signature.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "tests/support/token/site_token.hpp"

namespace devy::daemon {
ListenerTest::ListenerTest() : conninfo_(database_.conninfo()) {
  // What is meant to be refused would bury the tests' own words.
  base::log::configure(base::log::Level::error, base::log::Format::logfmt);
  config_.webhook.secrets = {"test " + secret_file("secret", good_secret)};
  config_.webhook.sender_check = "off";
  config_.api.keys = {"site HS256 " + secret_file("token", token_secret)};
  config_.api.issuer = "https://devy.example";
  config_.api.audience = "devy-upload";
  auto connection = pg::Connection::open(conninfo_, config_.database, "test");
  static_cast<void>(publishing::add_account(connection, "alice", true));
  static_cast<void>(publishing::add_account(connection, "bob", true));
  static_cast<void>(publishing::connect_blog(
      connection, {"alice", "notes", "https://github.com/alice/notes.git", std::nullopt, 42}));
}

ListenerTest::~ListenerTest() {
  stop();
}

void ListenerTest::start(const std::string& address) {
  ListenerSetup setup{config_, conninfo_, {}};
  setup.sockets.push_back(server::bind_socket(address));
  address_ = server::address_of(setup.sockets.front().get());
  listener_ = std::make_unique<Listener>(std::move(setup));
  thread_ = std::jthread([this](const std::stop_token& token) { listener_->run(token); });
}

void ListenerTest::stop() {
  thread_ = {};
}

std::string ListenerTest::secret_file(const std::string& name, const std::string& secret) const {
  const auto path = folder_ / name;
  testing::write_text(path, secret + "\n");
  ::chmod(path.c_str(), 0600);
  return path;
}

std::string ListenerTest::bytes_of(const Delivery& delivery) const {
  testing::PushPayload push;
  const auto number = std::to_string(delivery.number);
  if (delivery.number != 1) push.after = std::string(40 - number.size(), 'a') + number;
  const auto body = delivery.body.empty() ? testing::push_payload(push) : delivery.body;
  auto headers = delivery.headers;
  const auto add = [&](const char* name, const std::string& value) {
    const bool is_given = std::any_of(headers.begin(), headers.end(),
                                      [&](const auto& header) { return header.first == name; });
    if (!is_given) headers.emplace_back(name, value);
  };
  const base::Secret secret(delivery.secret.empty() ? good_secret : delivery.secret);
  add("X-GitHub-Event", delivery.event);
  add("X-GitHub-Delivery", testing::guid(delivery.number));
  add("X-Hub-Signature-256", webhook::sign(body, secret));
  add("Content-Type", delivery.type);
  return testing::request_bytes("POST", delivery.path, headers, body);
}

testing::RawAnswer ListenerTest::deliver(const Delivery& delivery) const {
  testing::RawConnection connection(address_);
  connection.send(bytes_of(delivery));
  return connection.answer();
}

std::string ListenerTest::token_of(const std::string& subject, int life_seconds,
                                   const std::string& id) const {
  return testing::site_token(token_secret, subject, life_seconds, id);
}

testing::RawAnswer ListenerTest::ask(const std::string& method, const std::string& target,
                                     const std::string& subject, const std::string& body,
                                     testing::RawHeaders headers) const {
  if (!subject.empty()) headers.emplace_back("Authorization", "Bearer " + token_of(subject));
  return testing::send_request(address_, method, target, headers, body);
}

std::string ListenerTest::value(const std::string& sql) const {
  return database_.scalar("set search_path = devy; " + sql);
}

void ListenerTest::execute(const std::string& sql) const {
  database_.execute("set search_path = devy; " + sql);
}

}  // namespace devy::daemon
