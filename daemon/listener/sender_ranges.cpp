#include "daemon/listener/sender_ranges.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/json/reader.hpp"

namespace devy::daemon {
namespace {

constexpr std::size_t document_bytes_max = 1024UL * 1024;
constexpr std::size_t ranges_max = 1000;
constexpr json::Format format{.name = "sender ranges", .bytes_max = document_bytes_max};

}  // namespace

std::optional<std::vector<webhook::AddressRange>> ranges_of(const std::string& document) {
  std::vector<webhook::AddressRange> ranges;
  try {
    const auto entries = json::parse(document, format).items("hooks");
    if (entries.empty() || entries.size() > ranges_max) return std::nullopt;
    for (const auto& entry : entries) {
      const auto range = webhook::parse_range(entry.text());
      if (!range) return std::nullopt;
      ranges.push_back(*range);
    }
  } catch (const base::Error&) {
    // The caller's own error names the address that was asked.
    return std::nullopt;
  }
  return ranges;
}

SenderRanges::SenderRanges(const config::Webhook& settings, std::string ca_file,
                           const base::Clock& clock)
    : settings_(settings), ca_file_(std::move(ca_file)), clock_(clock) {
  if (!settings_.ranges_file.empty()) read_kept();
}

// The list is as old as the file, which is touched whenever GitHub confirms that it is still valid.
void SenderRanges::read_kept() {
  struct stat info {};
  std::ifstream file(settings_.ranges_file);
  std::string document(document_bytes_max, '\0');
  file.read(document.data(), static_cast<std::streamsize>(document.size()));
  document.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  auto ranges = ranges_of(document);
  if (!ranges || stat(settings_.ranges_file.c_str(), &info) != 0) return;
  ranges_ = *std::move(ranges);
  known_at_ = base::TimePoint(std::chrono::seconds(info.st_mtim.tv_sec));
}

// Empty: what is there is still right.
void SenderRanges::keep(const std::string& document) const {
  if (settings_.ranges_file.empty()) return;
  std::error_code error;
  if (document.empty()) {
    std::filesystem::last_write_time(settings_.ranges_file,
                                     std::filesystem::file_time_type::clock::now(), error);
  } else {
    const auto fresh = settings_.ranges_file + ".new";
    std::ofstream file(fresh, std::ios::trunc);
    file << document;
    file.close();
    if (file) std::filesystem::rename(fresh, settings_.ranges_file, error);
    else error = std::make_error_code(std::errc::io_error);
  }
  if (error)
    base::log::warning("sender ranges not kept",
                       {{"file", settings_.ranges_file}, {"error", error.message()}});
}

void SenderRanges::take(std::vector<webhook::AddressRange> ranges, std::string etag) {
  const std::lock_guard lock(mutex_);
  if (!ranges.empty()) {
    ranges_ = std::move(ranges);
    etag_ = std::move(etag);
  }
  known_at_ = clock_.now();
}

bool SenderRanges::refresh() {
  try {
    http::TransportOptions options;
    options.ca_file = ca_file_;
    options.body_bytes_max = document_bytes_max;
    const auto transport = http::make_httplib_transport(options);
    http::Request request;
    request.url = settings_.ranges_url;
    request.headers = {{"Accept", "application/vnd.github+json"},
                       {"X-GitHub-Api-Version", "2022-11-28"},
                       {"User-Agent", "devy-upload"}};
    if (!etag_.empty()) request.headers.emplace_back("If-None-Match", etag_);
    const auto response = transport->send(request);
    const bool is_unchanged = response.status == 304 && !etag_.empty();
    auto ranges = response.status == 200 ? ranges_of(response.body) : std::nullopt;
    if (!ranges && !is_unchanged)
      throw base::Error(base::ErrorKind::unavailable,
                        "unable to read sender ranges: status " + std::to_string(response.status));
    keep(is_unchanged ? std::string() : response.body);
    base::log::info("sender ranges read",
                    {{"ranges", ranges ? ranges->size() : 0}, {"unchanged", is_unchanged}});
    take(ranges ? *std::move(ranges) : std::vector<webhook::AddressRange>(),
         std::string(response.header("etag")));
    return true;
  } catch (const base::Error& error) {
    base::log::warning("sender ranges not read", {{"error", error.text()}});
  }
  warn_if_stale();
  return false;
}

void SenderRanges::warn_if_stale() const {
  const auto known_for = age();
  if (known_for && *known_for > ranges_age_max)
    base::log::warning("sender ranges stale",
                       {{"age_seconds", known_for->count()}, {"check", settings_.sender_check}});
}

bool SenderRanges::are_known() const {
  const std::lock_guard lock(mutex_);
  return !ranges_.empty();
}

bool SenderRanges::has(const std::string& address) const {
  const std::lock_guard lock(mutex_);
  return webhook::is_within(ranges_, address);
}

std::optional<std::chrono::seconds> SenderRanges::age() const {
  const std::lock_guard lock(mutex_);
  if (ranges_.empty()) return std::nullopt;
  return std::max(std::chrono::seconds(0),
                  std::chrono::floor<std::chrono::seconds>(clock_.now() - known_at_));
}

}  // namespace devy::daemon
