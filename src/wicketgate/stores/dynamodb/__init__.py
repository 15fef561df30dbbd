"""The store on one DynamoDB table, for one process or many. `store.py` names the parts."""

from wicketgate.stores.dynamodb.store import DynamoDBStore

__all__ = ["DynamoDBStore"]
