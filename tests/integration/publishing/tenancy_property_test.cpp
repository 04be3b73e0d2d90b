// Whatever the holder of a secret signs, other accounts keep what is theirs: octokit's examples of
// every event, with the ids, names and addresses of three accounts' repositories mixed into them.
// Nor does what an operator does for one blog in between, a rollback or a repair, touch another.
// DEVY_SEED=<number> tries another mixture.
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/publishing/reconcile/repair.hpp"
#include "tests/integration/publishing/intake_fixture.hpp"
#include "tests/support/process/peer.hpp"

namespace devy::publishing {
namespace tenancy_property_test {

using nlohmann::json;

unsigned seed() {
  const char* own = std::getenv("DEVY_SEED");
  return own == nullptr ? 15 : static_cast<unsigned>(std::strtoul(own, nullptr, 10));
}
constexpr int rounds = 2;  // of all examples

struct Tenant {
  std::string username;
  std::int64_t id = 0;  // GitHub's of the repository
  bool is_bound = true;

  [[nodiscard]] std::string url() const { return "https://github.com/" + username + "/notes.git"; }
};
const std::vector<Tenant> tenants{{"ada", 101, true}, {"bob", 102, true}, {"eve", 103, false}};

// The state of one account's repository and blog.
struct State {
  std::string fixed;  // no delivery of anybody else's changes it
  std::string hints;  // a delivery signed with an unscoped secret may
  bool is_private = false;

  [[nodiscard]] bool operator==(const State&) const = default;
};
using States = std::map<std::string, State>;

constexpr pg::Statement select_states{"select_states", R"sql(
  select a.username,
         concat_ws(' ', r.url, r.github_id, r.owner, r.name, r.default_branch, r.installation,
                   r.frozen_reason, b.is_connected, b.repository_id, b.head_commit,
                   b.pinned_commit) as fixed,
         concat_ws(' ', r.claim, r.claimed_at, r.hook_lost_at, r.told_at,
                   (select string_agg(o.state || ' ' || o.replays, ', ' order by o.arrival)
                      from upload u join operation o on o.id = u.operation_id
                     where u.blog_id = b.id)) as hints,
         r.is_private
  from account a
  join blog b on b.account_id = a.id
  join repository r on r.id = b.repository_id
  where a.username <> 'alice')sql"};

class Tenancy : public IntakeTest {
 protected:
  Tenancy() {
    base::log::configure(base::log::Level::error, base::log::Format::logfmt);
    // GitHub and the remotes can be asked: nothing freezes because of a payload alone.
    config_.github.app_id = "77";
    config_.github.app_key_file = "/app.pem";
    for (const auto& tenant : tenants) {
      static_cast<void>(add_account(connection_, tenant.username, false));
      static_cast<void>(
          connect_blog(connection_, {tenant.username, "notes", tenant.url(), std::nullopt,
                                     tenant.is_bound ? std::optional(tenant.id) : std::nullopt}));
    }
    execute("update repository set installation = github_id, owner = 'o', name = 'n'");
    execute("update blog set head_commit = repeat('a', 40)");
  }

  // An operator rolls one blog back, or repairs it.
  void operate_on(const Tenant& tenant) {
    const auto blog = find_blog(connection_, tenant.username + "/notes");
    if (random_() % 2 == 0) {
      static_cast<void>(reconcile::record_repair(connection_, config_, blog, "test"));
      return;
    }
    UploadFilter uploads;
    uploads.blog = blog.address();
    for (const auto& upload : list_uploads(connection_, uploads)) {
      if (upload.is_repair()) continue;
      if (!queue::is_terminal(upload.state)) queue::cancel(connection_, upload.id, false, "test");
      queue::ReplayOptions rollback;
      rollback.is_forced = true;
      queue::replay(connection_, upload.id, rollback);
      ++rollbacks_;
      return;
    }
  }

  [[nodiscard]] States states() {
    States found;
    for (const auto row : connection_.query(select_states)) {
      State state;
      state.fixed = row.text("fixed");
      state.hints = row.text("hints");
      state.is_private = row.boolean("is_private");
      found[row.text("username")] = state;
    }
    EXPECT_EQ(found.size(), tenants.size());
    return found;
  }

  // What the tenant's own repository is told of: as a hint, where its id is not bound.
  webhook::RecordedDelivery push_of(const Tenant& tenant, int number, char commit, long pushed_at) {
    scope_ = tenant.is_bound ? webhook::Scope::of_repository(tenant.id) : webhook::Scope{};
    return push(number, {.repository = {.id = tenant.id, .owner = tenant.username, .name = "notes"},
                         .after = std::string(40, commit),
                         .pushed_at = pushed_at});
  }

  const Tenant& any() { return tenants[random_() % tenants.size()]; }

  // Puts some tenant's repository wherever the payload speaks of one.
  void mix(json& value) {
    if (value.is_array())
      for (auto& item : value)
        mix(item);
    if (!value.is_object()) return;
    for (auto& [name, member] : value.items()) {
      mix(member);
      if (name == "clone_url" && random_() % 2 == 0) member = any().url();
      if (name == "full_name") member = any().username + "/notes";
      if (name == "default_branch" && random_() % 2 == 0) member = "main";
      if (name == "id" && member.is_number() && random_() % 2 == 0) member = any().id;
      if (name == "private") member = random_() % 2 == 0;
    }
  }
  json payload_of(const std::string& text) {
    auto payload = json::parse(text);
    mix(payload);
    if (payload.contains("repository")) payload["repository"]["id"] = any().id;
    if (payload.contains("installation")) payload["installation"]["id"] = any().id;
    // Some other event has a repository beside it, for a scope to be held against.
    else if (random_() % 4 == 0) payload["installation"] = {{"id", any().id}};
    if (!payload.contains("repository") && random_() % 2 == 0)
      payload["repository"] = {{"id", any().id}};
    return payload;
  }

  std::mt19937 random_{seed()};
  int rollbacks_ = 0;
};

TEST_F(Tenancy, HoldsAgainstWhateverIsSigned) {
  int number = 0, refused = 0;
  std::map<std::string, int> recorded;
  for (const auto& tenant : tenants)
    ASSERT_EQ(push_of(tenant, ++number, 'd', 1'500'000'000).operations.size(), 1U);
  auto before = states();
  const auto examples = testing::run_peer("webhook_examples.mjs", {"a secret of thirty-two bytes"});
  ASSERT_EQ(examples.size(), 329U);
  for (int round = 0; round < rounds; ++round)
    for (const auto& line : examples) {
      std::istringstream words(line);
      std::string event, signature, encoded;
      words >> event >> signature >> encoded;
      const auto payload = payload_of(testing::decode_base64(encoded)).dump();
      const auto& signer = any();
      scope_ = random_() % 3 == 0 ? webhook::Scope{} : webhook::Scope::of_repository(signer.id);
      try {
        ++recorded[take(++number, event, payload).verdict];
      } catch (const base::Error& error) {
        EXPECT_TRUE(error.kind() == base::ErrorKind::denied || error.code() == "payload_invalid")
            << error.text();
        ++refused;
      }
      const auto after = states();
      for (const auto& [username, state] : after) {
        const auto& was = before.at(username);
        const bool is_own = scope_.is_own() && username == signer.username && signer.is_bound;
        if (is_own) continue;
        EXPECT_EQ(state.fixed, was.fixed) << event << " " << payload;
        EXPECT_TRUE(state == was || !scope_.is_own()) << event << " " << payload;
        EXPECT_GE(state.is_private, was.is_private) << event << " " << payload;
      }
      before = after;
      if (random_() % 10 == 0) {
        const auto& tenant = any();
        operate_on(tenant);
        for (const auto& [username, state] : before = states())
          EXPECT_TRUE(username == tenant.username || state == after.at(username)) << username;
      }
      ASSERT_FALSE(HasFailure()) << "DEVY_SEED=" << seed() << ", delivery " << number;
    }
  // The test would show nothing if all were refused, or nothing ever happened.
  EXPECT_GT(refused, 100);
  EXPECT_GT(recorded["accepted"], 20);
  EXPECT_GT(recorded["ignored"], 100);
  EXPECT_GT(rollbacks_, 5);
  // Everybody's own push still publishes.
  for (const auto& tenant : tenants) {
    const auto taken = push_of(tenant, ++number, 'e', 4'000'000'000);
    ASSERT_EQ(taken.operations.size(), 1U) << tenant.username << ": " << taken.reason;
    EXPECT_EQ(state(taken.operations[0]), "verified") << tenant.username;
  }
}

}  // namespace tenancy_property_test
}  // namespace devy::publishing
