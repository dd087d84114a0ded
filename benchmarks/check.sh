#!/bin/sh
# The questions that a check asks of a healthy name, asked with aws and dig: usage: check.sh NAME RESOLVER_PORT
# No more calls than needed: lists that are the same for all are read once, tasks are described together.
# Like a runbook it asks one thing after the other, and like sddoctor it prints what it sees.
set -eu
export AWS_PAGER='' AWS_DEFAULT_OUTPUT=text
name=$1 port=$2
label=${name%%.*} domain=${name#*.}

ask() { dig +tries=1 +time=2 @127.0.0.1 -p "$port" "$@"; }

aws sts get-caller-identity
found=$(aws servicediscovery list-namespaces \
  --query "Namespaces[?Name=='$domain'] | [0].[Id, Properties.DnsProperties.HostedZoneId]")
namespace=${found%%	*} zone=${found##*	}
service=$(aws servicediscovery list-services --filters "Name=NAMESPACE_ID,Values=$namespace" --query "Services[?Name=='$label'].Id | [0]")
aws servicediscovery list-instances --service-id "$service"
aws servicediscovery get-instances-health-status --service-id "$service"
where=$(aws servicediscovery discover-instances --namespace-name "$domain" --service-name "$label" --health-status ALL \
  --query 'Instances[0].Attributes.[ECS_CLUSTER_NAME, ECS_SERVICE_NAME]')
cluster=${where%%	*} ecs=${where##*	}

aws ecs list-services --cluster "$cluster"
aws ecs describe-services --cluster "$cluster" --services "$ecs"
tasks=$(aws ecs list-tasks --cluster "$cluster" --service-name "$ecs" --query 'taskArns')
# shellcheck disable=SC2086 # several words on purpose
definition=$(aws ecs describe-tasks --cluster "$cluster" --tasks $tasks --query 'tasks[0].taskDefinitionArn')
aws ecs describe-task-definition --task-definition "$definition"

aws route53 get-hosted-zone --id "$zone"
aws route53 list-resource-record-sets --hosted-zone-id "$zone"

vpc=$(aws ec2 describe-vpcs --query 'Vpcs[0].VpcId')
region=${AWS_REGION:-$AWS_DEFAULT_REGION}
aws route53 list-hosted-zones-by-vpc --vpc-id "$vpc" --vpc-region "$region"
aws ec2 describe-vpc-attribute --vpc-id "$vpc" --attribute enableDnsSupport
aws ec2 describe-vpc-attribute --vpc-id "$vpc" --attribute enableDnsHostnames
aws ec2 describe-client-vpn-endpoints
aws route53resolver list-resolver-rule-associations --filters "Name=VPCId,Values=$vpc"
aws route53resolver list-firewall-rule-group-associations --vpc-id "$vpc"
aws route53resolver list-resolver-endpoints
aws route53profiles list-profile-associations --resource-id "$vpc"

ask "$name" A
ask "$name" AAAA
ask "$name" A +tcp
ask "$domain" SOA
