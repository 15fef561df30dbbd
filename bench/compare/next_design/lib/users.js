// The design's repository: a table by userId, and addresses found by the index.
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";

const TableName = process.env.DYNAMODB_TABLE_NAME;
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export async function userById(userId) {
  return (await documents.send(new GetCommand({ TableName, Key: { userId } }))).Item ?? null;
}

export async function userByEmail(email) {
  const found = await documents.send(
    new QueryCommand({
      TableName,
      IndexName: "EmailIndex",
      KeyConditionExpression: "email = :email",
      ExpressionAttributeValues: { ":email": email },
    }),
  );
  return found.Items?.[0] ?? null;
}

export async function createUser(user) {
  await documents.send(new PutCommand({ TableName, Item: user }));
  return user;
}

export const shown = ({ userId, email, name, bio, createdAt, lastModified }) => ({
  id: userId,
  email,
  name,
  bio,
  createdAt,
  lastModified,
});
