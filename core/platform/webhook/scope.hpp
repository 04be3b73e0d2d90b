#pragma once
// The scope of a webhook's secret: which events its holder may sign, and for which repositories. A
// signature proves who holds a secret, and neither that GitHub spoke nor that what the payload says
// is true (SECURITY.md, "What the holder of a secret may cause"). Values; any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace devy::webhook {

struct Event;

enum class Reach {
  unscoped,    // any event of any repository; the payload is a hint
  repository,  // the repository's own events, and no others: its admins know the secret
  app,         // the GitHub App's webhook secret, which nobody else knows: everything
};

struct Scope {
  Reach reach = Reach::unscoped;
  std::int64_t github_id = 0;  // of the repository; used with Reach::repository alone

  [[nodiscard]] static Scope of_repository(std::int64_t github_id) {
    return {Reach::repository, github_id};
  }
  // Whether the signer may speak of the repository that the event is about. An unscoped secret may
  // be any other repository's.
  [[nodiscard]] bool is_own() const { return reach != Reach::unscoped; }
  bool operator==(const Scope&) const = default;
};

// "unscoped", "for 42" and "app": as in webhook.secrets, and with each stored delivery.
[[nodiscard]] std::string to_string(const Scope& scope);
[[nodiscard]] std::optional<Scope> parse_scope(std::string_view text);

// Throws Error(denied) for an event that the scope does not allow: "wrong_repository" or
// "wrong_event". Such a delivery must not be stored.
void require_in_scope(const Scope& scope, const Event& event);

}  // namespace devy::webhook
