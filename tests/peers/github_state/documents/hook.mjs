// Makes the documents of hooks and their deliveries.
import { timeText } from "../clock.mjs";
import { repositoryUrl } from "./common.mjs";

export function hookDocument(world, repository, hook) {
  const url = `${repositoryUrl(world, repository)}/hooks/${hook.id}`;
  const config = {
    content_type: hook.config.content_type,
    insecure_ssl: hook.config.insecure_ssl,
    url: hook.config.url,
  };
  if (hook.config.secret !== null) config.secret = "********";
  return {
    type: "Repository",
    id: hook.id,
    name: hook.name,
    active: hook.active,
    events: [...hook.events],
    config,
    updated_at: timeText(hook.updated_at),
    created_at: timeText(hook.created_at),
    url,
    test_url: `${url}/test`,
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    last_response: { ...hook.last_response },
  };
}

export function deliveryItem(delivery) {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: timeText(delivery.delivered_at),
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.status_code,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installation_id,
    repository_id: delivery.repository_id,
    throttled_at: null,
  };
}

export function deliveryDocument(delivery) {
  return {
    ...deliveryItem(delivery),
    url: delivery.url,
    request: { headers: delivery.request_headers, payload: JSON.parse(delivery.body) },
    response: { headers: delivery.response_headers, payload: delivery.response_body },
  };
}
