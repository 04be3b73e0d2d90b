// F23 and I13: while a flood goes on, not only after it, the daemon stays within its limits.
#include <poll.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "core/platform/base/secret.hpp"
#include "core/platform/webhook/signature.hpp"
#include "tests/faults/daemon/fault_fixture.hpp"
#include "tests/oracle/machine.hpp"
#include "tests/support/github/push_sender.hpp"
#include "tests/support/github/webhook_payload.hpp"
#include "tests/support/http/raw_http.hpp"
#include "tests/support/time_factor.hpp"

namespace devy::testing {
namespace flood_test {

// Of one sender among several: each fifth delivery is rightly signed.
constexpr int senders_count = 4, deliveries_each = 6'250;
constexpr int body_every = 25;  // … and each of those is as large as an ordinary push
constexpr std::size_t body_bytes = std::size_t{16} << 10U;
// Well below the unit's, which a leak would need far longer to reach.
constexpr MachineLimits limits{.resident_bytes_max = (512ULL << 20U) * memory_factor,
                               .processes_max = 16,
                               .descriptors_max = 256};
constexpr std::size_t samples_min = 10;

class Flood : public FaultFixture {
 protected:
  // Returns the answer's status.
  [[nodiscard]] int send(int number) const {
    PushPayload push;
    push.repository.id = number;
    push.repository.owner = "stranger";
    push.padding_bytes = number % body_every == 0 ? body_bytes : 0;
    const auto body = push_payload(push);
    const bool is_signed = number % 5 == 0;
    const base::Secret secret(is_signed ? push_secret : "another secret, of thirty-two bytes too");
    return send_request("unix:" + (folder_ / "public"), "POST", "/v1/webhooks",
                        {{"X-GitHub-Event", "push"},
                         {"X-GitHub-Delivery", guid(number)},
                         {"X-Hub-Signature-256", webhook::sign(body, secret)},
                         {"Content-Type", "application/json"}},
                        body)
        .status;
  }
};

TEST_F(Flood, StaysWithinTheLimits) {
  configure_more("unsigned_requests_per_minute = 0\n");
  const auto blog = new_blog();
  auto call = daemon_call();
  call.messages_to = "/dev/null";  // nobody would read while there is much to say
  call.timeout = std::chrono::seconds(180);
  const auto daemon = std::make_unique<Program>(call);
  service_manager_.wait_for("READY=1");
  std::atomic<int> running{senders_count}, stored{0}, forged{0};
  int usable = 0, looks = 0;
  std::vector<std::string> beyond;
  std::vector<std::uint64_t> resident;
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < senders_count; ++sender)
      senders.emplace_back([&, sender] {
        for (int n = 1; n <= deliveries_each; ++n) {
          const auto status = send(sender * 10'000 + n);
          stored += status == 202 ? 1 : 0;
          forged += status == 401 ? 1 : 0;
        }
        --running;
      });
    while (running > 0) {
      for (auto& line : beyond_limits({daemon->pid()}, limits))
        beyond.push_back(std::move(line));
      resident.push_back(usage_of(daemon->pid()).resident_bytes);
      // Health and the operator's command line are there all the while.
      ++looks;
      usable += get("/healthz").status == 200 &&
                        (looks % 10 != 0 || run_program(command({"list"})).status == 0)
                    ? 1
                    : 0;
      ::poll(nullptr, 0, 20);  // how often is looked, not a wait for anything
    }
  }
  EXPECT_EQ(beyond, std::vector<std::string>());
  EXPECT_EQ(stored, senders_count * deliveries_each / 5);
  EXPECT_EQ(forged, senders_count * deliveries_each * 4 / 5);
  EXPECT_EQ(usable, looks);
  ASSERT_GE(resident.size(), samples_min);
  RecordProperty("samples", static_cast<int>(resident.size()));
  RecordProperty("resident_mib_max", static_cast<int>(*std::ranges::max_element(resident) >> 20U));
  EXPECT_EQ(get("/healthz").status, 200);
  wait_until_state(trigger(blog), "completed");
  expect_all_well(*daemon);
}

}  // namespace flood_test
}  // namespace devy::testing
