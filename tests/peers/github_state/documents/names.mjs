// Makes the documents of labels and milestones.
import { timeText } from "../clock.mjs";
import { milestoneCount } from "../world.mjs";
import { nodeId, repositoryPage, repositoryUrl } from "./common.mjs";
import { shortUser } from "./user.mjs";

export function labelDocument(world, repository, label) {
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${repositoryUrl(world, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: label.default,
    description: label.description,
  };
}

export function milestoneDocument(world, repository, milestone) {
  const url = `${repositoryUrl(world, repository)}/milestones/${milestone.number}`;
  const count = milestoneCount(repository, milestone.number);
  return {
    url,
    html_url: `${repositoryPage(world, repository)}/milestone/${milestone.number}`,
    labels_url: `${url}/labels`,
    id: milestone.id,
    node_id: nodeId("MI", milestone.id),
    number: milestone.number,
    title: milestone.title,
    description: milestone.description,
    creator: shortUser(world, milestone.creator_id),
    open_issues: count.open,
    closed_issues: count.closed,
    state: milestone.state,
    created_at: timeText(milestone.created_at),
    updated_at: timeText(milestone.updated_at),
    due_on: timeText(milestone.due_on),
    closed_at: timeText(milestone.closed_at),
  };
}
