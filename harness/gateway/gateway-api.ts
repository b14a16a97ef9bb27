/* Of the Gateway API's objects what is read here. */

export interface ParentRef {
  name: string;
  namespace?: string;
  sectionName?: string;
  port?: number;
}

export interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  observedGeneration?: number;
}
