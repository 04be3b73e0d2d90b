#include "daemon/sender_check.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/base/log.hpp"
#include "core/http/httplib_transport.hpp"

namespace devy::daemon {
namespace {

constexpr std::size_t document_bytes_max = 1024 * 1024;
constexpr std::size_t ranges_max = 1000;
constexpr std::chrono::minutes try_again{5};
// A flood of foreign deliveries is one line a minute.
constexpr std::chrono::minutes warn_again{1};

}  // namespace

Sender sender_of(const Request& request) {
  if (!request.is_local) return {request.remote_address, request.certificate_subjects};
  Sender sender;
  const std::string address(request.header("X-Real-IP"));
  if (webhook::parse_address(address)) sender.address = address;
  if (request.header("X-Client-Verify") == "SUCCESS")
    sender.subjects.emplace_back(request.header("X-Client-Subject"));
  return sender;
}

std::optional<std::vector<webhook::AddressRange>> ranges_of(const std::string& document) {
  const auto parsed = nlohmann::json::parse(document, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("hooks") || !parsed["hooks"].is_array())
    return std::nullopt;
  std::vector<webhook::AddressRange> ranges;
  for (const auto& entry : parsed["hooks"]) {
    if (!entry.is_string() || ranges.size() == ranges_max) return std::nullopt;
    const auto range = webhook::parse_range(entry.get_ref<const std::string&>());
    if (!range) return std::nullopt;
    ranges.push_back(*range);
  }
  if (ranges.empty()) return std::nullopt;
  return ranges;
}

SenderCheck::SenderCheck(const config::Webhook& settings, std::string ca_file)
    : settings_(settings), ca_file_(std::move(ca_file)) {
  if (settings_.sender_check == "off") return;
  read_kept();
  thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void SenderCheck::read_kept() {
  if (settings_.ranges_file.empty()) return;
  std::ifstream file(settings_.ranges_file);
  std::string document(document_bytes_max, '\0');
  file.read(document.data(), static_cast<std::streamsize>(document.size()));
  document.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (const auto ranges = ranges_of(document)) ranges_ = *ranges;
}

void SenderCheck::keep(const std::string& document) const {
  if (settings_.ranges_file.empty()) return;
  const auto fresh = settings_.ranges_file + ".new";
  std::ofstream file(fresh, std::ios::trunc);
  file << document;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(fresh, settings_.ranges_file, error);
  if (!file || error)
    base::log::warning("sender ranges not kept", {{"file", settings_.ranges_file}});
}

bool SenderCheck::refresh() {
  try {
    http::TransportOptions options;
    options.ca_file = ca_file_;
    options.body_bytes_max = document_bytes_max;
    const auto transport = http::make_httplib_transport(options);
    const auto response = transport->send({.method = "GET",
                                           .url = settings_.ranges_url,
                                           .headers = {{"Accept", "application/vnd.github+json"},
                                                       {"X-GitHub-Api-Version", "2022-11-28"},
                                                       {"User-Agent", "devy-upload"}},
                                           .body = {}});
    auto ranges = response.status == 200 ? ranges_of(response.body) : std::nullopt;
    if (!ranges)
      throw base::Error(base::ErrorKind::unavailable,
                        "unable to read sender ranges: status " + std::to_string(response.status));
    keep(response.body);
    base::log::info("sender ranges read", {{"ranges", ranges->size()}});
    const std::lock_guard lock(mutex_);
    ranges_ = *std::move(ranges);
    return true;
  } catch (const base::Error& error) {
    base::log::warning("sender ranges not read", {{"error", error.text()}});
    return false;
  }
}

void SenderCheck::watch(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    const std::chrono::seconds pause = refresh() ? settings_.ranges_refresh : try_again;
    never_notified.wait_for(lock, stop, pause, [] { return false; });
  }
}

SenderCheck::Verdict SenderCheck::judge(const Sender& sender) {
  const auto& wanted = settings_.client_subjects;
  if (!wanted.empty() &&
      std::none_of(sender.subjects.begin(), sender.subjects.end(), [&](const auto& subject) {
        return std::find(wanted.begin(), wanted.end(), subject) != wanted.end();
      }))
    return Verdict::foreign_certificate;
  if (settings_.sender_check == "off") return Verdict::ok;
  const bool is_enforced = settings_.sender_check == "enforce";
  const std::lock_guard lock(mutex_);
  if (ranges_.empty()) return is_enforced ? Verdict::unknown_ranges : Verdict::ok;
  if (webhook::is_within(ranges_, sender.address)) return Verdict::ok;
  const auto now = base::system_clock().monotonic_now();
  if (warned_at_ == base::MonotonicTime{} || now - warned_at_ >= warn_again) {
    warned_at_ = now;
    base::log::warning("sender not among GitHub's addresses",
                       {{"sender", sender.address}, {"check", settings_.sender_check}});
  }
  return is_enforced ? Verdict::foreign_address : Verdict::ok;
}

}  // namespace devy::daemon
