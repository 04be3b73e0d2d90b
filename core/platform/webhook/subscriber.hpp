#pragma once
// The door through which deliveries reach a system. platform/webhook verifies and stores
// deliveries; each system's Subscriber says what it will do with them, and records its operations
// in the same transaction, before the sender gets its 2xx (product.md, promise 1).
//
// A Subscriber holds no state between calls and may be used from any thread; each call borrows the
// connection. It throws what pg::Connection throws; then nothing of the batch is stored.

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/platform/base/id.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/platform/webhook/event.hpp"
#include "core/platform/webhook/scope.hpp"

namespace devy::webhook {

// One delivery as its subscribers see it. Borrowed for the call.
struct Received {
  const std::string& guid;  // canonical UUID
  const Event& event;
  const Scope& scope;  // of the secret that signed it
};

// The answer of a system that was asked what it will do with a delivery.
struct Opinion {
  // Another session holds a row that is needed: nothing is to be stored now. The delivery comes
  // back alone, with leave to wait.
  bool is_busy = false;
  // A delivery of a repository that the system does not know is accepted only where it is_solo():
  // bodies of accepted ones are kept on their repository's own account (body_budget.hpp).
  bool is_accepted = false;
  // It is not accepted, but tells of something that the system knows: record() is called with it.
  bool is_relevant = false;
  // The reason for not accepting it; empty: the event does not concern this system.
  std::string reason;
};

// Operations that a delivery brought, by the delivery's place in the batch.
using Operations = std::vector<std::vector<base::OperationId>>;

// A delivery that GitHub tried and that did not arrive (lost_deliveries.hpp).
struct LostDelivery {
  std::string guid, event, action;
  std::optional<std::int64_t> repository;  // GitHub's id; empty where nobody knows it
  // WatchedRepository::key of the hook that sent it, which another system may have named; empty for
  // the App's.
  std::string hook;
  // Deliveries about the repository that are lost at the same time, this one too.
  std::size_t of_repository = 1;
};
enum class Recovery {
  none,       // the system cannot do without the delivery itself
  unneeded,   // it concerns nothing of the system
  recovered,  // what it would have brought is known, or on its way
};

// A repository whose own hook is to be asked for lost deliveries.
struct WatchedRepository {
  std::string key;  // the system's own name of the repository, unique among all systems
  std::string url;
};

class Subscriber {
 public:
  virtual ~Subscriber() = default;

  // Tells for each delivery, in order, what record() would do, with one indexed look-up for the
  // whole batch; locks the resources that record() will use. Without `may_wait` it never waits for
  // another session's lock.
  [[nodiscard]] virtual std::vector<Opinion> consider(pg::Connection& connection,
                                                      const config::Config& config,
                                                      std::span<const Received> deliveries,
                                                      bool may_wait) const = 0;
  // Records what the deliveries bring. They are stored by now, new, and were considered in this
  // transaction, accepted or not.
  [[nodiscard]] virtual Operations record(pg::Connection& connection, const config::Config& config,
                                          std::span<const Received> deliveries) const = 0;
  // True for events that must be recorded alone, because they lock rows beyond one resource.
  [[nodiscard]] virtual bool is_solo(const Event& event) const {
    static_cast<void>(event);
    return false;
  }
  // The operations that earlier deliveries brought, in the order of `guids`; for redeliveries, and
  // for people.
  [[nodiscard]] virtual Operations find_recorded(pg::Connection& connection,
                                                 std::span<const std::string> guids) const {
    static_cast<void>(connection);
    return Operations(guids.size());
  }

  // Names repositories as the system does, for lists: "alice/notes", by GitHub's id.
  [[nodiscard]] virtual std::map<std::int64_t, std::string> subjects(
      pg::Connection& connection, const std::vector<std::int64_t>& repositories) const {
    static_cast<void>(connection);
    static_cast<void>(repositories);
    return {};
  }

  // ---- deliveries that did not arrive

  // Whether an event of that name can change anything in the system.
  [[nodiscard]] virtual bool wants(std::string_view event, const config::Config& config) const {
    static_cast<void>(event);
    static_cast<void>(config);
    return false;
  }

  // The repositories at that host that the system wants to hear of.
  [[nodiscard]] virtual std::vector<WatchedRepository> watched_repositories(
      pg::Connection& connection, const std::string& host) const {
    static_cast<void>(connection);
    static_cast<void>(host);
    return {};
  }
  // Makes good what the delivery would have brought, where the system can ask the source itself.
  [[nodiscard]] virtual Recovery recover(pg::Connection& connection, const config::Config& config,
                                         const LostDelivery& lost,
                                         const std::stop_token& stop) const {
    static_cast<void>(connection);
    static_cast<void>(config);
    static_cast<void>(lost);
    static_cast<void>(stop);
    return Recovery::none;
  }
};

// Borrowed; they live as long as the program.
using Subscribers = std::span<const Subscriber* const>;

}  // namespace devy::webhook
