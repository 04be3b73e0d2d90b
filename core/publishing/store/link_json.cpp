#include "core/publishing/store/link_json.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"

namespace devy::publishing {
namespace {

using markdown::FileLink;
using nlohmann::json;

json url_json(const std::optional<std::string>& url) {
  return url ? json(*url) : json(nullptr);
}

std::optional<std::string> url_of(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<std::string>();
}

}  // namespace

std::optional<std::string> to_json(const plan::PostLinks& links) {
  if (links.empty()) return std::nullopt;
  auto places = json::array();
  for (const auto& [link, url] : links.links)
    places.push_back(json::array({link.offset, link.use == FileLink::Use::page ? "page" : "file",
                                  link.target, link.line, link.column, url_json(url)}));
  json object{{"links", std::move(places)}};
  if (!links.taken_out.empty()) {
    auto& list = object["taken_out"] = json::array();
    for (const auto& attribute : links.taken_out)
      list.push_back(json::array({attribute.offset, attribute.text}));
  }
  if (links.cover) object["cover"] = json::array({links.cover->target, url_json(links.cover->url)});
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

plan::PostLinks post_links_from_json(std::string_view text) {
  try {
    const auto object = json::parse(text);
    plan::PostLinks links;
    for (const auto& item : object.at("links"))
      links.links.push_back(
          {{item.at(0).get<std::uint32_t>(),
            item.at(1).get<std::string>() == "page" ? FileLink::Use::page : FileLink::Use::resource,
            item.at(2).get<std::string>(), item.at(3).get<std::uint32_t>(),
            item.at(4).get<std::uint32_t>()},
           url_of(item.at(5))});
    if (const auto list = object.find("taken_out"); list != object.end())
      for (const auto& item : *list)
        links.taken_out.push_back({item.at(0).get<std::uint32_t>(), item.at(1).get<std::string>()});
    if (const auto cover = object.find("cover"); cover != object.end())
      links.cover = plan::Cover{cover->at(0).get<std::string>(), url_of(cover->at(1))};
    return links;
  } catch (const json::exception& error) {
    throw base::Error(base::ErrorKind::internal,
                      std::string("unable to read a post's links: ") + error.what());
  }
}

}  // namespace devy::publishing
